package leat.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/// Leaves out what the embedded broker says of each batch that it refuses because one before it has
/// not come yet. On a busy machine that is dozens of errors with nothing lost: the first batch of a
/// transaction waits for the end of the one before, and the producer sends the others again behind
/// it. One that cannot fails, and whose it is says so.
public final class AppendsInOrder extends TurboFilter {

    private static final String BROKER = "kafka.server.ReplicaManager";

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            Object @Nullable [] parameters,
            @Nullable Throwable thrown) {
        return thrown instanceof OutOfOrderSequenceException && logger.getName().equals(BROKER)
                ? FilterReply.DENY
                : FilterReply.NEUTRAL;
    }
}
