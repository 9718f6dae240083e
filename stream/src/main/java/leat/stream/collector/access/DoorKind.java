package leat.stream.collector.access;

import java.util.Locale;

/// The ways into the collector, as keys name them, and the console.
public enum DoorKind {
    HTTP,
    GRPC,
    MQTT,
    /// Known by certificates alone, since a sender of syslog can show no key.
    SYSLOG,
    /// The HTTP door, for pages of allowed origins. A key for it stands in the pages, where
    /// everybody can read it.
    BROWSER,
    /// No way in for events: the page and the APIs for people.
    CONSOLE;

    /// Whether a client can show a key; where the protocol has no place for one, a certificate is
    /// all it can show, and nobody is asked without TLS.
    public boolean takesKeys() {
        return this != SYSLOG;
    }

    /// `http`, as in settings and messages.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
