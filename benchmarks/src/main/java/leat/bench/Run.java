package leat.bench;

import java.lang.management.ManagementFactory;

/// What one round of one contestant took.
///
/// @param events how many events went through
/// @param nanos wall-clock time
/// @param cpuNanos CPU time of the whole process: contestant, clients and the broker in it
record Run(long events, long nanos, long cpuNanos) {

    /// The work of one round; the number of events that went through is what it returns.
    @FunctionalInterface
    interface Work {
        long perform();
    }

    /// Performs the work and takes its times.
    static Run of(Work work) {
        long cpu = processCpuNanos();
        long start = System.nanoTime();
        long events = work.perform();
        return new Run(events, System.nanoTime() - start, processCpuNanos() - cpu);
    }

    double eventsPerSecond() {
        return events * 1e9 / nanos;
    }

    double cpuSecondsPerMillion() {
        return cpuNanos / 1e3 / events;
    }

    private static long processCpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
