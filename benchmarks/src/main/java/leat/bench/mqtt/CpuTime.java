package leat.bench.mqtt;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/// CPU time by who took it.
///
/// @param collectors all of them together
/// @param cars all processes of simulated cars together
/// @param platform this process: the broker and the stages behind it
public record CpuTime(Duration collectors, Duration cars, Duration platform) {

    static Duration ofThisProcess() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? Duration.ofNanos(system.getProcessCpuTime())
                : Duration.ZERO;
    }

    CpuTime since(CpuTime earlier) {
        return new CpuTime(
                collectors.minus(earlier.collectors),
                cars.minus(earlier.cars),
                platform.minus(earlier.platform));
    }

    /// What everything but the cars took.
    public Duration withoutCars() {
        return collectors.plus(platform);
    }

    /// One line for people: processors in use over a time.
    String text(Duration over) {
        return String.format(
                Locale.ROOT,
                "processors: collectors %.2f, broker and stages %.2f, cars %.2f",
                share(collectors, over),
                share(platform, over),
                share(cars, over));
    }

    private static double share(Duration cpu, Duration over) {
        return (double) cpu.toNanos() / over.toNanos();
    }
}
