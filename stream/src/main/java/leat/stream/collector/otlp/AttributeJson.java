package leat.stream.collector.otlp;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import leat.stream.collector.JsonBytes;

/// What all events of telemetry have in common as JSON: times, attributes, where they are from.
final class AttributeJson {

    private static final long NANOS = 1_000_000_000L;
    private static final Set<String> OF_THEIR_OWN = Set.of("service.name", "host.name");

    private AttributeJson() {}

    /// `,"service":…,"host":…,"resource":[…],"scope":…`: what a record has of its place.
    static byte[] place(Resource resource, InstrumentationScope scope) {
        JsonBytes json = new JsonBytes(256);
        for (KeyValue attribute : resource.getAttributesList()) {
            if (attribute.getKey().equals("service.name")) {
                json.raw(",\"service\":").text(text(attribute.getValue()));
            } else if (attribute.getKey().equals("host.name")) {
                json.raw(",\"host\":").text(text(attribute.getValue()));
            }
        }
        List<KeyValue> others =
                resource.getAttributesList().stream()
                        .filter(attribute -> !OF_THEIR_OWN.contains(attribute.getKey()))
                        .toList();
        attributes(json, "resource", others);
        if (!scope.getName().isEmpty()) {
            json.raw(",\"scope\":").text(scope.getName());
        }
        return json.toBytes();
    }

    /// `,"NAME":[{"key":…,"value":…}]`; nothing for none.
    static void attributes(JsonBytes json, String name, List<KeyValue> attributes) {
        if (attributes.isEmpty()) {
            return;
        }
        json.raw(",\"").raw(name).raw("\":[");
        boolean first = true;
        for (KeyValue attribute : attributes) {
            json.raw(first ? "{\"key\":" : ",{\"key\":").text(attribute.getKey());
            if (attribute.getValue().getValueCase() != AnyValue.ValueCase.VALUE_NOT_SET) {
                json.raw(",\"value\":").text(text(attribute.getValue()));
            }
            json.raw("}");
            first = false;
        }
        json.raw("]");
    }

    /// A value as text: texts as they are, numbers in digits, bytes as Base64, lists and maps as
    /// JSON.
    static String text(AnyValue value) {
        return switch (value.getValueCase()) {
            case STRING_VALUE -> value.getStringValue();
            case BYTES_VALUE -> base64(value.getBytesValue());
            case BOOL_VALUE, INT_VALUE, DOUBLE_VALUE, ARRAY_VALUE, KVLIST_VALUE -> {
                JsonBytes json = new JsonBytes(64);
                write(json, value);
                yield new String(json.toBytes(), UTF_8);
            }
            case VALUE_NOT_SET -> "";
        };
    }

    private static void write(JsonBytes json, AnyValue value) {
        switch (value.getValueCase()) {
            case STRING_VALUE -> json.text(value.getStringValue());
            case BYTES_VALUE -> json.text(base64(value.getBytesValue()));
            case BOOL_VALUE -> json.raw(Boolean.toString(value.getBoolValue()));
            case INT_VALUE -> json.number(value.getIntValue());
            case DOUBLE_VALUE -> {
                double number = value.getDoubleValue();
                if (Double.isFinite(number)) {
                    json.raw(Double.toString(number));
                } else {
                    json.text(Double.toString(number));
                }
            }
            case ARRAY_VALUE -> {
                json.raw("[");
                boolean first = true;
                for (AnyValue item : value.getArrayValue().getValuesList()) {
                    json.raw(first ? "" : ",");
                    write(json, item);
                    first = false;
                }
                json.raw("]");
            }
            case KVLIST_VALUE -> {
                json.raw("{");
                boolean first = true;
                for (KeyValue entry : value.getKvlistValue().getValuesList()) {
                    json.raw(first ? "" : ",").text(entry.getKey()).raw(":");
                    write(json, entry.getValue());
                    first = false;
                }
                json.raw("}");
            }
            case VALUE_NOT_SET -> json.raw("null");
        }
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    /// @param unixNanos unsigned, as all times of OTLP
    static String time(long unixNanos) {
        return Instant.ofEpochSecond(
                        Long.divideUnsigned(unixNanos, NANOS),
                        Long.remainderUnsigned(unixNanos, NANOS))
                .toString();
    }

    /// An id in hexadecimal digits. OTLP's JSON has it so already, which Protobuf's reader takes
    /// for Base64: encoded again it is the digits.
    ///
    /// @param sizeBytes what an id of its kind has
    static String id(ByteString id, int sizeBytes) {
        return id.size() == sizeBytes * 3 / 2
                ? base64(id).toLowerCase(Locale.ROOT)
                : HexFormat.of().formatHex(id.toByteArray());
    }
}
