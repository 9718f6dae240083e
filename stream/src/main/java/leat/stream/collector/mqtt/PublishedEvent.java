package leat.stream.collector.mqtt;

import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.MqttProperty;
import io.netty.handler.codec.mqtt.MqttProperties.StringPair;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import leat.core.encoding.PayloadFormat;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.stream.collector.EventAttributes;
import leat.stream.collector.IncomingEvent;
import org.jspecify.annotations.Nullable;

/// The event in a message: its payload, and with MQTT 5 the attributes of a CloudEvent as user
/// properties (CloudEvents MQTT protocol binding 1.0.2, binary mode).
final class PublishedEvent {

    private static final String SPEC_VERSION = "specversion";
    private static final Pattern NAME = Pattern.compile("[a-z0-9]{1,40}");
    private static final Set<String> OWN = Set.of(SPEC_VERSION, "id", "source", "type", "time");

    private PublishedEvent() {}

    /// What stands in a message.
    sealed interface Result {}

    record Usable(IncomingEvent event) implements Result {}

    /// The client says that the payload is something that the contract does not take.
    record Unusable(String reason) implements Result {}

    static Result of(byte[] payload, MqttProperties properties, MqttRoutes.Destination to) {
        PayloadFormat format = to.format();
        if (properties.isEmpty()) {
            return new Usable(new IncomingEvent(payload, null, List.of(), format, to.key()));
        }
        Optional<String> contentType = contentType(properties);
        if (contentType.isPresent()) {
            Optional<PayloadFormat> named = PayloadFormat.of(contentType.get());
            if (named.isEmpty() || !to.inlet().takes(named.get())) {
                return new Unusable(
                        "the contract does not take "
                                + contentType.get()
                                + ", send "
                                + to.inlet().taken());
            }
            format = named.get();
        }
        return new Usable(attributed(payload, properties, format, to.key()));
    }

    private static Optional<String> contentType(MqttProperties properties) {
        MqttProperty<?> property = properties.getProperty(MqttProperties.CONTENT_TYPE);
        return property == null ? Optional.empty() : Optional.of(property.value().toString());
    }

    private static IncomingEvent attributed(
            byte[] payload, MqttProperties properties, PayloadFormat format, @Nullable String key) {
        Map<String, String> attributes = new HashMap<>();
        List<Reason> faults = new ArrayList<>();
        for (MqttProperty<?> property : properties.getProperties(MqttProperties.USER_PROPERTY)) {
            StringPair pair = (StringPair) property.value();
            if (NAME.matcher(pair.key).matches()
                    && attributes.putIfAbsent(pair.key, pair.value) != null) {
                faults.add(
                        new Reason(
                                ReasonCode.DUPLICATE_KEY,
                                pair.key,
                                "the user property stands more than once"));
            }
        }
        if (!attributes.containsKey(SPEC_VERSION)) {
            return new IncomingEvent(payload, null, List.of(), format, key);
        }
        for (String required : List.of("id", "source")) {
            if (attributes.getOrDefault(required, "").isEmpty()) {
                faults.add(
                        new Reason(
                                ReasonCode.MISSING,
                                required,
                                "a CloudEvent has the user property " + required));
            }
        }
        Map<String, String> others = new HashMap<>(attributes);
        others.keySet().removeAll(OWN);
        return new IncomingEvent(
                payload,
                new EventAttributes(
                        attributes.getOrDefault("id", ""),
                        attributes.getOrDefault("source", ""),
                        attributes.get("type"),
                        attributes.get("time"),
                        others),
                faults,
                format,
                key);
    }
}
