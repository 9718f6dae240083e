package leat.stream.monitor;

import java.time.Duration;
import leat.core.config.Setting;

/// How the monitor works.
public record MonitorSettings(
        @Setting(
                        description =
                                "The least time between two transactions, 10ms to 10s; so long a"
                                        + " batch is counted at the most often",
                        defaultValue = "500ms")
                Duration commitInterval,
        @Setting(
                        description =
                                "How long after its end a window waits for events that the brokers"
                                        + " or collectors stamped with clocks that are behind, 0s"
                                        + " to 10m",
                        defaultValue = "2s")
                Duration clockGrace) {

    public static final MonitorSettings DEFAULT =
            new MonitorSettings(Duration.ofMillis(500), Duration.ofSeconds(2));

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when one is out of its range
    public MonitorSettings {
        check(
                commitInterval.toMillis() >= 10
                        && commitInterval.compareTo(Duration.ofSeconds(10)) <= 0,
                "commit-interval",
                "10ms to 10s");
        check(
                !clockGrace.isNegative() && clockGrace.compareTo(Duration.ofMinutes(10)) <= 0,
                "clock-grace",
                "0s to 10m");
    }

    private static void check(boolean holds, String key, String range) {
        if (!holds) {
            throw new IllegalArgumentException(key + " must be from " + range);
        }
    }
}
