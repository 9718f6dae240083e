package leat.stream.collector;

import java.time.Duration;
import java.util.Optional;
import leat.core.config.Bounds;
import leat.core.config.Setting;
import leat.stream.collector.access.AccessSettings;
import leat.stream.collector.collectd.CollectdSettings;
import leat.stream.collector.grpc.GrpcSettings;
import leat.stream.collector.mqtt.MqttSettings;
import leat.stream.collector.otlp.OtlpSettings;
import leat.stream.collector.syslog.SyslogSettings;
import leat.stream.tls.TlsSettings;

/// How the collector listens and what it takes at most.
public record CollectorSettings(
        @Setting(description = "The HTTP door") HttpSettings http,
        @Setting(description = "The gRPC door") GrpcSettings grpc,
        @Setting(description = "The MQTT door") MqttSettings mqtt,
        @Setting(description = "OpenTelemetry's logs and metrics") OtlpSettings otlp,
        @Setting(description = "The values of collectd's write_http") CollectdSettings collectd,
        @Setting(description = "The syslog door") SyslogSettings syslog,
        @Setting(description = "What one event, one request and all of them may take")
                Limits limits,
        @Setting(
                        description =
                                "How long Kafka may take to acknowledge an event before the client"
                                        + " is told 503, 1s to 2m",
                        defaultValue = "10s")
                Duration deliveryTimeout,
        @Setting(
                        description =
                                "How long open requests may take to end when the collector stops,"
                                        + " up to 5m",
                        defaultValue = "15s")
                Duration drainTimeout,
        @Setting(description = "Who is let in") AccessSettings access,
        @Setting(description = "What is kept on disk while Kafka is away") SpoolingSettings spool,
        @Setting(
                        description =
                                "TLS at all doors; absent means that what is sent can be read on"
                                        + " its way")
                Optional<TlsSettings> tls) {

    /// Everything else as it is by default: everybody is let in, no spool, no TLS.
    public CollectorSettings(
            HttpSettings http, Limits limits, Duration deliveryTimeout, Duration drainTimeout) {
        this(
                http,
                GrpcSettings.defaults(),
                MqttSettings.defaults(),
                OtlpSettings.OFF,
                CollectdSettings.OFF,
                SyslogSettings.defaults(),
                limits,
                deliveryTimeout,
                drainTimeout,
                AccessSettings.OFF,
                SpoolingSettings.OFF,
                Optional.empty());
    }

    /// Checks the values.
    ///
    /// @throws IllegalArgumentException when a time is out of range
    public CollectorSettings {
        Bounds.within(
                "delivery-timeout", deliveryTimeout, Duration.ofSeconds(1), Duration.ofMinutes(2));
        Bounds.within("drain-timeout", drainTimeout, Duration.ZERO, Duration.ofMinutes(5));
    }

    /// The same with another HTTP door.
    public CollectorSettings withHttp(HttpSettings other) {
        return with(other, grpc, mqtt, otlp, collectd, spool);
    }

    /// The same with another gRPC door.
    public CollectorSettings withGrpc(GrpcSettings other) {
        return with(http, other, mqtt, otlp, collectd, spool);
    }

    /// The same with another MQTT door.
    public CollectorSettings withMqtt(MqttSettings other) {
        return with(http, grpc, other, otlp, collectd, spool);
    }

    /// The same with other contracts for OpenTelemetry.
    public CollectorSettings withOtlp(OtlpSettings other) {
        return with(http, grpc, mqtt, other, collectd, spool);
    }

    /// The same with another contract for collectd.
    public CollectorSettings withCollectd(CollectdSettings other) {
        return with(http, grpc, mqtt, otlp, other, spool);
    }

    /// The same with another spool.
    public CollectorSettings withSpool(SpoolingSettings other) {
        return with(http, grpc, mqtt, otlp, collectd, other);
    }

    private CollectorSettings with(
            HttpSettings otherHttp,
            GrpcSettings otherGrpc,
            MqttSettings otherMqtt,
            OtlpSettings otherOtlp,
            CollectdSettings otherCollectd,
            SpoolingSettings otherSpool) {
        return new CollectorSettings(
                otherHttp,
                otherGrpc,
                otherMqtt,
                otherOtlp,
                otherCollectd,
                syslog,
                limits,
                deliveryTimeout,
                drainTimeout,
                access,
                otherSpool,
                tls);
    }

    /// What stands in the annotations.
    public static CollectorSettings defaults() {
        return new CollectorSettings(
                HttpSettings.defaults(),
                Limits.defaults(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(15));
    }
}
