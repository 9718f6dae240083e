package leat.bench;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// What one round of one contestant took.
///
/// @param events how many events went through
/// @param nanos wall-clock time
/// @param cpuNanos CPU time of the whole process: contestant, clients and the broker in it
record Run(long events, long nanos, long cpuNanos) {

    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /// A contestant's round: whatever has to be prepared first is not measured.
    @FunctionalInterface
    interface Round {
        Run run();
    }

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

    /// Takes the times of something that runs by itself, from its first progress until it has come
    /// to `target`, so that starting up and joining a group do not count for anybody.
    ///
    /// @throws IllegalStateException when it does not come there
    static Run following(LongSupplier progress, long target) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long first = 0;
        long start = 0;
        long cpu = 0;
        while (true) {
            long now = progress.getAsLong();
            if (first == 0 && now > 0) {
                first = now;
                start = System.nanoTime();
                cpu = processCpuNanos();
            }
            if (now >= target) {
                return new Run(
                        Math.max(1, now - first),
                        System.nanoTime() - start,
                        processCpuNanos() - cpu);
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("stuck at " + now + " of " + target);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
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
