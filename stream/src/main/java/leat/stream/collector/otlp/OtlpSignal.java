package leat.stream.collector.otlp;

import java.util.Locale;

/// A kind of telemetry that is taken.
public enum OtlpSignal {
    LOGS,
    METRICS;

    /// `logs`, as in paths and settings.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
