package leat.stream.collector.mqtt;

import io.netty.handler.codec.mqtt.MqttVersion;
import leat.stream.collector.IncomingEvent;
import leat.stream.collector.Inlet;
import leat.stream.collector.access.Caller;
import org.jspecify.annotations.Nullable;

/// What a CONNECT has settled, for as long as its connection lives.
///
/// @param keepAliveTicks silence of so many ticks ends the connection; 0 for never
/// @param will what is published when the connection ends without a DISCONNECT; `null` for nothing
record Session(
        MqttVersion version,
        String clientId,
        Caller caller,
        int keepAliveTicks,
        @Nullable Will will) {

    boolean isVersion5() {
        return version == MqttVersion.MQTT_5;
    }

    /// An event for later.
    record Will(Inlet inlet, IncomingEvent event) {}
}
