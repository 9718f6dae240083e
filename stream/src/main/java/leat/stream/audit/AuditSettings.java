package leat.stream.audit;

import java.time.Duration;
import leat.core.config.Setting;

/// Limits of an audit.
public record AuditSettings(
        @Setting(
                        description =
                                "How many records, rows and documents one audit of a contract may"
                                        + " look at; each takes 41 bytes of disk while it runs",
                        defaultValue = "200000000")
                long maxSightings,
        @Setting(
                        description =
                                "How long an open transaction may hold up the audit's reading"
                                        + " before it gives up",
                        defaultValue = "30s")
                Duration patience) {

    public static final AuditSettings DEFAULT =
            new AuditSettings(200_000_000, Duration.ofSeconds(30));

    /// Checks the limits.
    ///
    /// @throws IllegalArgumentException when one is not positive
    public AuditSettings {
        if (maxSightings < 1) {
            throw new IllegalArgumentException("max-sightings must be at least 1");
        }
        if (!patience.isPositive()) {
            throw new IllegalArgumentException("patience must be positive");
        }
    }
}
