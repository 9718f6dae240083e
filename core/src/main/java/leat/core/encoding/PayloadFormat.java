package leat.core.encoding;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How one event's bytes are written, told by the `content-type` of its record.
public enum PayloadFormat {
    JSON("application/json"),
    /// One Avro datum in the contract's own schema, without anything around it.
    AVRO("application/avro"),
    /// One Avro datum behind the id of its schema: the wire format of Confluent's serialisers.
    AVRO_WITH_ID("application/vnd.confluent.avro"),
    /// One message of the contract's type, without anything around it.
    PROTOBUF("application/protobuf"),
    /// One message behind the id of its schema and its place in it: the wire format of Confluent's
    /// serialisers.
    PROTOBUF_WITH_ID("application/vnd.confluent.protobuf");

    private final String contentType;

    PayloadFormat(String contentType) {
        this.contentType = contentType;
    }

    /// The media type as records carry it.
    public String contentType() {
        return contentType;
    }

    public boolean isAvro() {
        return this == AVRO || this == AVRO_WITH_ID;
    }

    public boolean isProtobuf() {
        return this == PROTOBUF || this == PROTOBUF_WITH_ID;
    }

    /// The format of a media type, in any of its customary spellings and whatever its parameters;
    /// empty for one that is none of these.
    public static Optional<PayloadFormat> of(String contentType) {
        int semicolon = contentType.indexOf(';');
        String type = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        @Nullable PayloadFormat format =
                switch (type.strip().toLowerCase(Locale.ROOT)) {
                    case "application/json" -> JSON;
                    case "application/avro", "application/x-avro", "avro/binary" -> AVRO;
                    case "application/vnd.confluent.avro" -> AVRO_WITH_ID;
                    case "application/protobuf",
                            "application/x-protobuf",
                            "application/vnd.google.protobuf" ->
                            PROTOBUF;
                    case "application/vnd.confluent.protobuf" -> PROTOBUF_WITH_ID;
                    default -> null;
                };
        return Optional.ofNullable(format);
    }
}
