package leat.stream.log;

import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;

/// Kafka did not do what was asked. Nothing is known to be lost: the caller may try again, or stop
/// and say so.
public final class LogUnavailable extends RuntimeException {

    public LogUnavailable(String what, @Nullable Throwable cause) {
        super(cause == null ? what : what + ": " + cause.getMessage(), cause);
    }

    /// Whether Kafka was only not heard in time, so that the same may be answered later.
    public boolean mayPass() {
        return getCause() == null || getCause() instanceof RetriableException;
    }

    /// For a thread that was told to stop while it waited; the thread stays interrupted.
    public static LogUnavailable interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new LogUnavailable("interrupted while waiting for Kafka", cause);
    }
}
