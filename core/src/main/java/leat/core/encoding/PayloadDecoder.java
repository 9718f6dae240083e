package leat.core.encoding;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.PayloadEncoding;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// Turns the payloads that a contract takes into JSON for its validator. Safe for many threads.
///
/// Bytes are never believed: their lengths, depth and the size of what they become are bounded, and
/// whatever is wrong with them is a reason.
public final class PayloadDecoder {

    private static final byte MAGIC = 0;
    private static final int ID_END = 5;

    private final Body body;
    private final HeaderFields headers;
    private final Set<PayloadFormat> formats;

    private PayloadDecoder(Body body, HeaderFields headers, Set<PayloadFormat> formats) {
        this.body = body;
        this.headers = headers;
        this.formats = formats;
    }

    /// The decoder of a contract that takes more than JSON.
    public static Optional<PayloadDecoder> of(Contract contract) {
        return contract.encoding().map(encoding -> of(contract, encoding));
    }

    private static PayloadDecoder of(Contract contract, PayloadEncoding encoding) {
        FieldRules rules = new FieldRules(contract.unknownFields(), encoding.headers().keySet());
        HeaderFields headers = HeaderFields.of(encoding.headers(), contract.fields());
        return switch (encoding) {
            case PayloadEncoding.Avro avro ->
                    new PayloadDecoder(
                            new AvroBody(
                                    avro,
                                    sound(
                                                    AvroCompiler.compile(
                                                            avro.schema(),
                                                            contract.fields(),
                                                            rules))
                                            .fields()),
                            headers,
                            EnumSet.of(
                                    PayloadFormat.JSON,
                                    PayloadFormat.AVRO,
                                    PayloadFormat.AVRO_WITH_ID));
            case PayloadEncoding.Protobuf protobuf ->
                    new PayloadDecoder(
                            new ProtobufBody(
                                    protobuf,
                                    sound(
                                                    ProtobufCompiler.compile(
                                                            protobuf.message(),
                                                            contract.fields(),
                                                            rules))
                                            .fields()),
                            headers,
                            EnumSet.of(
                                    PayloadFormat.JSON,
                                    PayloadFormat.PROTOBUF,
                                    PayloadFormat.PROTOBUF_WITH_ID));
        };
    }

    private static AvroCompiler.Compiled sound(AvroCompiler.Compiled compiled) {
        requireNone(compiled.faults());
        return compiled;
    }

    private static ProtobufCompiler.Compiled sound(ProtobufCompiler.Compiled compiled) {
        requireNone(compiled.faults());
        return compiled;
    }

    private static void requireNone(List<String> faults) {
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    "the schema does not fit the contract: " + String.join("; ", faults));
        }
    }

    /// What the contract takes, JSON among it.
    public Set<PayloadFormat> formats() {
        return Set.copyOf(formats);
    }

    /// Reads one event.
    ///
    /// @param contentType what its record says of the bytes. Without it they are JSON, unless they
    ///   begin with the byte 0, as no JSON does: then a schema's id stands before them
    /// @param value JSON is handed back as it is
    public Decoded decode(@Nullable String contentType, byte[] value, Metadata metadata) {
        Optional<PayloadFormat> format =
                contentType == null
                        ? Optional.of(unsaid(value))
                        : PayloadFormat.of(contentType).filter(formats::contains);
        if (format.isEmpty()) {
            return new Decoded.Refused(
                    new Reason(
                            ReasonCode.ENCODING,
                            "",
                            "the content type is '" + contentType + "'; send " + taken()));
        }
        return format.get() == PayloadFormat.JSON
                ? new Decoded.Json(value)
                : decode(format.get(), value, metadata);
    }

    /// The media types that the contract takes, for messages.
    public String taken() {
        return formats.stream().map(PayloadFormat::contentType).collect(Collectors.joining(", "));
    }

    private PayloadFormat unsaid(byte[] value) {
        if (value.length == 0 || value[0] != MAGIC) {
            return PayloadFormat.JSON;
        }
        return body instanceof AvroBody
                ? PayloadFormat.AVRO_WITH_ID
                : PayloadFormat.PROTOBUF_WITH_ID;
    }

    private Decoded decode(PayloadFormat format, byte[] value, Metadata metadata) {
        try {
            JsonOutput out = new JsonOutput();
            boolean outer = out.open('{');
            headers.write(metadata, out);
            switch (format) {
                case AVRO_WITH_ID, PROTOBUF_WITH_ID -> body.write(value, id(value), ID_END, out);
                case AVRO, PROTOBUF, JSON -> body.write(value, null, 0, out);
            }
            out.close('}', outer);
            return new Decoded.Json(out.toBytes());
        } catch (Undecodable e) {
            return new Decoded.Refused(e.reason());
        } catch (ArithmeticException | DateTimeException e) {
            return new Decoded.Refused(
                    new Reason(
                            ReasonCode.ENCODING,
                            "",
                            "a time is beyond what can be written: " + e.getMessage()));
        }
    }

    private static int id(byte[] value) {
        if (value.length < ID_END || value[0] != MAGIC) {
            throw new Undecodable("does not begin with the byte 0 and a schema id of four bytes");
        }
        return ByteBuffer.wrap(value).getInt(1);
    }

    private static <T> T writer(Map<Integer, T> writers, int id) {
        T writer = writers.get(id);
        if (writer == null) {
            throw new Undecodable(
                    "the schema id "
                            + id
                            + " is not known, only "
                            + (writers.isEmpty() ? "none" : new TreeSet<>(writers.keySet()))
                            + "; list its schema in the contract under schemaIds");
        }
        return writer;
    }

    /// What follows the frame.
    private sealed interface Body {
        /// Writes the members of the object that the bytes from `from` hold.
        ///
        /// @param id of the schema they were written with; null for the contract's own
        void write(byte[] value, @Nullable Integer id, int from, JsonOutput out);
    }

    private record AvroBody(PayloadEncoding.Avro avro, AvroNode.Fields fields) implements Body {
        @Override
        public void write(byte[] value, @Nullable Integer id, int from, JsonOutput out) {
            Schema writer = id == null ? avro.schema() : writer(avro.writers(), id);
            fields.members(AvroDatum.read(writer, avro.schema(), value, from), out);
        }
    }

    private record ProtobufBody(PayloadEncoding.Protobuf protobuf, ProtobufNode.Fields fields)
            implements Body {
        @Override
        public void write(byte[] value, @Nullable Integer id, int from, JsonOutput out) {
            CodedInputStream input = CodedInputStream.newInstance(value, from, value.length - from);
            if (id != null) {
                Descriptor said = ProtobufDatum.place(writer(protobuf.writers(), id), input);
                if (!said.getFullName().equals(protobuf.message().getFullName())) {
                    throw new Undecodable(
                            "is a "
                                    + said.getFullName()
                                    + ", not a "
                                    + protobuf.message().getFullName());
                }
            }
            fields.members(ProtobufDatum.read(protobuf.message(), input), out);
        }
    }
}
