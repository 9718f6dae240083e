package leat.bench;

import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/// What one round of one contestant took.
///
/// @param events how many events went through
/// @param nanos wall-clock time
/// @param cpuNanos CPU time of the whole process: contestant, clients and the broker in it
/// @param compilerNanos what the JIT compiler's threads took of it
record Run(long events, long nanos, long cpuNanos, long compilerNanos) {

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
        Clocks start = Clocks.now();
        return start.until(work.perform());
    }

    /// Takes the times of something that runs by itself, from its first progress until it has come
    /// to `target`, so that starting up and joining a group do not count for anybody.
    ///
    /// @throws IllegalStateException when it does not come there
    static Run following(LongSupplier progress, long target) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long first = 0;
        Clocks start = Clocks.now();
        while (true) {
            long now = progress.getAsLong();
            if (first == 0 && now > 0) {
                first = now;
                start = Clocks.now();
            }
            if (now >= target) {
                return start.until(Math.max(1, now - first));
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("stuck at " + now + " of " + target);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// With what another process took meanwhile.
    Run with(long otherCpuNanos, long otherCompilerNanos) {
        return new Run(events, nanos, cpuNanos + otherCpuNanos, compilerNanos + otherCompilerNanos);
    }

    double eventsPerSecond() {
        return events * 1e9 / nanos;
    }

    double cpuSecondsPerMillion() {
        return cpuNanos / 1e3 / events;
    }

    /// The part of the CPU time that went into compiling; 0 where the JVM does not tell.
    double compilerShare() {
        return cpuNanos == 0 ? 0 : (double) compilerNanos / cpuNanos;
    }

    private record Clocks(long nanos, long cpuNanos, long compilerNanos) {

        static Clocks now() {
            return new Clocks(System.nanoTime(), processCpuNanos(), compilerNanosSoFar());
        }

        Run until(long events) {
            Clocks end = now();
            return new Run(
                    events,
                    end.nanos - nanos,
                    end.cpuNanos - cpuNanos,
                    end.compilerNanos - compilerNanos);
        }

        private static long processCpuNanos() {
            return ManagementFactory.getOperatingSystemMXBean()
                            instanceof com.sun.management.OperatingSystemMXBean system
                    ? system.getProcessCpuTime()
                    : 0;
        }

        private static long compilerNanosSoFar() {
            CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
            return compiler != null && compiler.isCompilationTimeMonitoringSupported()
                    ? Duration.ofMillis(compiler.getTotalCompilationTime()).toNanos()
                    : 0;
        }
    }
}
