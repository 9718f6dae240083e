package leat.stream.collector.call;

import java.util.logging.Level;
import java.util.logging.Logger;

/// What gRPC logs, with a stack trace, of every message that is refused while it is read, for its
/// size or because the server is full. The status of the call says it.
public final class MessageFailures {

    /// Held here, as the JDK forgets the levels of loggers that nobody holds.
    private static final Logger LOGGER =
            Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty.NettyServerStream");

    private MessageFailures() {}

    /// Lets nobody fill a log with them.
    public static void silence() {
        LOGGER.setLevel(Level.OFF);
    }
}
