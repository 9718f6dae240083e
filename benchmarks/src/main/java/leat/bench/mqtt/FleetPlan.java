package leat.bench.mqtt;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Locale;

/// How many processes hold a number of connections where each may open only so many files.
///
/// @param processes so many collectors, and so many simulators
public record FleetPlan(int connections, int processes) {

    /// What a process opens beside its connections: jars, the log's sockets, event loops.
    static final int RESERVED_FILES = 1_024;

    /// More processes than these would only get into each other's way on one machine.
    static final int MOST_PROCESSES = 32;

    private static final int MOST_CONNECTIONS = 1_000_000;

    /// The file limit does not let this machine hold as many connections as were asked for.
    public static final class TooManyConnections extends RuntimeException {

        private final String remedy;

        TooManyConnections(String message, String remedy) {
            super(message);
            this.remedy = remedy;
        }

        /// What to do, an imperative without a final full stop.
        public String remedy() {
            return remedy;
        }
    }

    /// How many files a process of this machine may open. A JVM takes the hard limit.
    public static long filesPerProcess() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /// As few processes as can hold the connections.
    ///
    /// @throws TooManyConnections when they cannot be held, with the reason and the remedy
    public static FleetPlan of(int connections, long filesPerProcess) {
        if (connections < 1 || connections > MOST_CONNECTIONS) {
            throw new TooManyConnections(
                    String.format(
                            Locale.ROOT,
                            "%,d connections are not 1 to %,d",
                            connections,
                            MOST_CONNECTIONS),
                    "ask for fewer");
        }
        long each = filesPerProcess - RESERVED_FILES;
        long processes = each <= 0 ? Long.MAX_VALUE : (connections + each - 1) / each;
        if (processes > MOST_PROCESSES) {
            long needed = RESERVED_FILES + (connections + MOST_PROCESSES - 1L) / MOST_PROCESSES;
            throw new TooManyConnections(
                    String.format(
                            Locale.ROOT,
                            "a process may open %,d files here, %,d of which it needs for itself:"
                                    + " the %d collectors that are started at most hold %,d"
                                    + " connections, not %,d",
                            filesPerProcess,
                            RESERVED_FILES,
                            MOST_PROCESSES,
                            Math.max(0, each) * MOST_PROCESSES,
                            connections),
                    String.format(
                            Locale.ROOT,
                            "raise the limit in this shell (ulimit -n %d, whose hard limit is shown"
                                    + " by ulimit -Hn), or ask for fewer connections",
                            needed));
        }
        return new FleetPlan(connections, Math.toIntExact(processes));
    }

    /// What the process with the most of them holds.
    int connectionsPerProcess() {
        return (connections + processes - 1) / processes;
    }
}
