package leat.stream.collector.otlp;

import java.util.Optional;
import leat.core.config.Setting;

/// Which contracts the signals of OpenTelemetry are events of. A signal without one is not taken.
public record OtlpSettings(
        @Setting(
                        description =
                                "The contract of log records that come to `/v1/logs`:"
                                        + " `log-record`. Absent: none are taken")
                Optional<String> logs,
        @Setting(
                        description =
                                "The contract of data points that come to `/v1/metrics`:"
                                        + " `metric-point`. Absent: none are taken")
                Optional<String> metrics) {

    /// Takes nothing.
    public static final OtlpSettings OFF = new OtlpSettings(Optional.empty(), Optional.empty());

    /// The contract of a signal.
    public Optional<String> contract(OtlpSignal signal) {
        return switch (signal) {
            case LOGS -> logs;
            case METRICS -> metrics;
        };
    }
}
