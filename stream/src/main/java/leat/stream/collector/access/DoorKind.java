package leat.stream.collector.access;

import java.util.Locale;

/// The ways into the collector, as keys name them, and the console.
public enum DoorKind {
    HTTP,
    MQTT,
    /// No way in for events: the page and the APIs for people.
    CONSOLE;

    /// `http`, as in settings and messages.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
