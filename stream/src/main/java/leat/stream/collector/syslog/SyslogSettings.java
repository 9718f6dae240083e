package leat.stream.collector.syslog;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Optional;
import leat.core.config.Bounds;
import leat.core.config.DataSize;
import leat.core.config.Setting;

/// Where the syslog door is. Without a contract there is no door.
public record SyslogSettings(
        @Setting(
                        description =
                                "The address to listen on; one that other machines reach needs"
                                        + " senders with certificates: `access.mode: keys` and"
                                        + " `tls.client-authorities`",
                        defaultValue = "127.0.0.1")
                String host,
        @Setting(description = "The port to listen on; 0 takes a free one", defaultValue = "5514")
                int port,
        @Setting(
                        description =
                                "The contract of the messages: `log-record`; the door opens when"
                                        + " there is one")
                Optional<String> contract,
        @Setting(description = "Connections open at once, 1 to 100,000", defaultValue = "1000")
                int maxConnections,
        @Setting(
                        description =
                                "Messages of one connection that wait for the log before no more"
                                        + " are read from it, 1 to 10,000",
                        defaultValue = "1000")
                int maxInFlight,
        @Setting(
                        description =
                                "The size of one message, 480B to 1MiB; a larger one is passed over"
                                        + " and counted",
                        defaultValue = "64KiB")
                DataSize messageSize,
        @Setting(
                        description =
                                "The time zone of senders whose messages name none (RFC 3164):"
                                        + " `Europe/Berlin`",
                        defaultValue = "UTC")
                String zone,
        @Setting(
                        description =
                                "Speak plain TCP although `collector.tls` is set: senders are asked"
                                        + " for nothing, on a loopback address only",
                        defaultValue = "false")
                boolean plain) {

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when a value is out of range
    public SyslogSettings {
        Bounds.within("port", port, 0, 65_535);
        Bounds.within("max-connections", maxConnections, 1, 100_000);
        Bounds.within("max-in-flight", maxInFlight, 1, 10_000);
        Bounds.within("message-size in bytes", messageSize.bytes(), 480, 1 << 20);
        try {
            ZoneId.of(zone);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "zone '" + zone + "' is not known; write one such as Europe/Berlin", e);
        }
    }

    /// Whether there is a door.
    public boolean enabled() {
        return contract.isPresent();
    }

    /// The same on another port.
    public SyslogSettings withPort(int other) {
        return new SyslogSettings(
                host, other, contract, maxConnections, maxInFlight, messageSize, zone, plain);
    }

    /// What stands in the annotations: no door.
    public static SyslogSettings defaults() {
        return new SyslogSettings(
                "127.0.0.1",
                5514,
                Optional.empty(),
                1000,
                1000,
                new DataSize(64 << 10),
                "UTC",
                false);
    }
}
