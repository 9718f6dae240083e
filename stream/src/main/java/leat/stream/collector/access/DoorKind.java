package leat.stream.collector.access;

import java.util.Locale;

/// The ways into the collector, as keys name them.
public enum DoorKind {
    HTTP,
    GRPC,
    MQTT,
    OTLP,
    SYSLOG;

    /// `http`, as in settings and messages.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
