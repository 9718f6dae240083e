package leat.stream.collector.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.config.Bounds;
import leat.core.config.Setting;
import leat.core.encoding.PayloadFormat;

/// Where the MQTT door is, and what its topics mean. Without topics there is no door.
public record MqttSettings(
        @Setting(
                        description = "The address to listen on; `0.0.0.0` lets other machines in",
                        defaultValue = "127.0.0.1")
                String host,
        @Setting(description = "The port to listen on; 0 takes a free one", defaultValue = "1883")
                int port,
        @Setting(description = "Connections open at once, 1 to 1,000,000", defaultValue = "100000")
                int maxConnections,
        @Setting(
                        description =
                                "Messages of one connection that wait for the log before no more"
                                        + " are read from it, 1 to 1,000",
                        defaultValue = "64")
                int maxInFlight,
        @Setting(
                        description =
                                "How long a client may take from its connection to its CONNECT, 1s"
                                        + " to 5m",
                        defaultValue = "10s")
                Duration connectTimeout,
        @Setting(
                        description =
                                "The longest keep-alive; clients of MQTT 5 that ask for more or for"
                                        + " none are told this one, 10s to 18h",
                        defaultValue = "20m")
                Duration maxKeepAlive,
        @Setting(description = "What events on which topics are; the door opens when there is one")
                List<Topic> topics) {

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when a value is out of range
    public MqttSettings {
        topics = List.copyOf(topics);
        Bounds.within("port", port, 0, 65_535);
        Bounds.within("max-connections", maxConnections, 1, 1_000_000);
        Bounds.within("max-in-flight", maxInFlight, 1, 1_000);
        Bounds.within("connect-timeout in seconds", connectTimeout.toSeconds(), 1, 300);
        Bounds.within("max-keep-alive in seconds", maxKeepAlive.toSeconds(), 10, 64_800);
    }

    /// Events on topics of one shape.
    public record Topic(
            @Setting(
                            description =
                                    "The topics, a variable in braces a level: `fleet/{car}/telemetry`")
                    String topic,
            @Setting(
                            description =
                                    "The contract of their events: `car-telemetry`, or"
                                            + " `car-telemetry.v1`")
                    String contract,
            @Setting(
                            description =
                                    "The variable that is the events' key. Default: the one with"
                                            + " the name of the contract's key field, if there is"
                                            + " one")
                    Optional<String> key,
            @Setting(
                            description =
                                    "How payloads are written whose client does not say so:"
                                            + " `application/avro`",
                            defaultValue = "application/json")
                    String contentType) {

        /// Checks that the template can be read and has the key's variable.
        ///
        /// @throws IllegalArgumentException when not
        public Topic {
            TopicTemplate template = TopicTemplate.parse(topic);
            if (key.isPresent() && !template.variables().contains(key.get())) {
                throw new IllegalArgumentException(
                        "key '" + key.get() + "' is no variable of " + topic);
            }
            if (PayloadFormat.of(contentType).isEmpty()) {
                throw new IllegalArgumentException(
                        "content-type '" + contentType + "' is none that contracts take");
            }
        }
    }

    /// Whether there is a door.
    public boolean enabled() {
        return !topics.isEmpty();
    }

    /// The same on another port.
    public MqttSettings withPort(int other) {
        return new MqttSettings(
                host, other, maxConnections, maxInFlight, connectTimeout, maxKeepAlive, topics);
    }

    /// What stands in the annotations: no door.
    public static MqttSettings defaults() {
        return new MqttSettings(
                "127.0.0.1",
                1883,
                100_000,
                64,
                Duration.ofSeconds(10),
                Duration.ofMinutes(20),
                List.of());
    }
}
