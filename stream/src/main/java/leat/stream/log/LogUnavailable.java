package leat.stream.log;

import org.jspecify.annotations.Nullable;

/// Kafka did not do what was asked. Nothing is known to be lost: the caller may try again, or stop
/// and say so.
public final class LogUnavailable extends RuntimeException {

    public LogUnavailable(String what, @Nullable Throwable cause) {
        super(cause == null ? what : what + ": " + cause.getMessage(), cause);
    }

    /// For a thread that was told to stop while it waited; the thread stays interrupted.
    public static LogUnavailable interrupted(InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new LogUnavailable("interrupted while waiting for Kafka", cause);
    }
}
