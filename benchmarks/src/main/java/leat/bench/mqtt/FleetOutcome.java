package leat.bench.mqtt;

import java.time.Duration;
import java.util.Locale;
import java.util.OptionalLong;

/// What a fleet has seen, all its processes together.
///
/// @param held connections that were open when the last event had been acknowledged
/// @param drops connections that ended although nobody asked for it
/// @param ackedPerSecond acknowledgements within the window that is measured
/// @param window how long that was
/// @param cpuTime within the window
/// @param collectorBytes the most that all collectors together had in memory; empty where the
///   system does not tell
public record FleetOutcome(
        FleetPlan plan,
        int held,
        int drops,
        double connectSeconds,
        long sent,
        long acked,
        double ackedPerSecond,
        Duration window,
        Latency latency,
        CpuTime cpuTime,
        OptionalLong collectorBytes) {

    /// From the moment an event was due to its PUBACK, in milliseconds.
    public record Latency(double p50Millis, double p99Millis, double mostMillis) {}

    public double connectsPerSecond() {
        return plan.connections() / connectSeconds;
    }

    /// Of all that the collectors are, the JVM included.
    public double bytesPerConnection() {
        return (double) collectorBytes.orElse(0) / plan.connections();
    }

    /// CPU time of collectors, broker and stages for a million events.
    public double cpuSecondsPerMillion() {
        double events = ackedPerSecond * window.toNanos() / 1e9;
        return events == 0 ? 0 : cpuTime.withoutCars().toNanos() / 1e3 / events;
    }

    /// Lines for people.
    public String text() {
        return String.format(
                Locale.ROOT,
                "%,d of %,d held, %,d dropped, %,d connects/s; %,d sent, %,d acknowledged,"
                        + " %,.0f/s; PUBACK p50 %.1f ms, p99 %.1f ms, most %.0f ms; collectors %,d"
                        + " MiB; %s",
                held,
                plan.connections(),
                drops,
                Math.round(connectsPerSecond()),
                sent,
                acked,
                ackedPerSecond,
                latency.p50Millis(),
                latency.p99Millis(),
                latency.mostMillis(),
                collectorBytes.orElse(0) >> 20,
                cpuTime.text(window));
    }
}
