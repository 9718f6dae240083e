package leat.stream.collector.syslog;

import java.util.Optional;

/// Settings of a door on a free loopback port.
final class AnyPort {

    private static final int MAX_CONNECTIONS = 10;

    private AnyPort() {}

    /// @param maxInFlight messages of a connection that wait for the log before no more are read
    static SyslogSettings of(String contract, int maxInFlight) {
        SyslogSettings defaults = SyslogSettings.defaults();
        return new SyslogSettings(
                defaults.host(),
                0,
                Optional.of(contract),
                MAX_CONNECTIONS,
                maxInFlight,
                defaults.messageSize(),
                defaults.zone(),
                defaults.plain());
    }
}
