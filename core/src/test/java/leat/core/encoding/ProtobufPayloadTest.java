package leat.core.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.core.encoding.AvroContracts.decoder;
import static leat.core.encoding.AvroContracts.json;
import static leat.core.encoding.AvroContracts.messages;
import static leat.core.encoding.AvroContracts.reason;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Timestamp;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;
import leat.core.outcome.ReasonCode;
import leat.core.validate.TopLevelCheck;
import leat.core.validate.Validator;
import leat.core.yaml.Checked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ProtobufPayloadTest {

    private static final String NAME = "shop.v1.Order";
    private static final String PROPERTIES =
            """
            - {name: number, logicalType: integer, required: true}
            - {name: huge, logicalType: integer}
            - {name: price, logicalType: number}
            - {name: weight, logicalType: number}
            - {name: paid, logicalType: boolean}
            - {name: note, logicalType: string}
            - {name: channel, logicalType: string}
            - {name: placed, logicalType: timestamp}
            - {name: discount, logicalType: number}
            - {name: lines, logicalType: array, items: {logicalType: object, properties: [{name: sku, logicalType: string}]}}
            - {name: counts, logicalType: array, items: {logicalType: integer}}
            """;

    @TempDir Path folder;

    private final Descriptor order = PayloadSchemas.protobuf(descriptors(), NAME);

    @BeforeEach
    void writeDescriptors() {
        AvroContracts.write(folder, "order.binpb", descriptors());
    }

    /// What protoc writes for a proto3 file with `message Line`, then `message Order`.
    private static byte[] descriptors() {
        DescriptorProto line =
                DescriptorProto.newBuilder()
                        .setName("Line")
                        .addField(field("sku", 1, FieldDescriptorProto.Type.TYPE_STRING))
                        .build();
        DescriptorProto.Builder message =
                DescriptorProto.newBuilder()
                        .setName("Order")
                        .addField(field("number", 1, FieldDescriptorProto.Type.TYPE_INT64))
                        .addField(field("huge", 2, FieldDescriptorProto.Type.TYPE_UINT64))
                        .addField(field("price", 3, FieldDescriptorProto.Type.TYPE_FLOAT))
                        .addField(field("weight", 4, FieldDescriptorProto.Type.TYPE_DOUBLE))
                        .addField(field("paid", 5, FieldDescriptorProto.Type.TYPE_BOOL))
                        .addField(
                                field("note", 6, FieldDescriptorProto.Type.TYPE_STRING)
                                        .setProto3Optional(true)
                                        .setOneofIndex(0))
                        .addField(
                                field("channel", 7, FieldDescriptorProto.Type.TYPE_ENUM)
                                        .setTypeName(".shop.v1.Channel"))
                        .addField(
                                field("placed", 8, FieldDescriptorProto.Type.TYPE_MESSAGE)
                                        .setTypeName(".google.protobuf.Timestamp"))
                        .addField(
                                field("discount", 9, FieldDescriptorProto.Type.TYPE_MESSAGE)
                                        .setTypeName(".google.protobuf.DoubleValue"))
                        .addField(
                                field("lines", 10, FieldDescriptorProto.Type.TYPE_MESSAGE)
                                        .setTypeName(".shop.v1.Line")
                                        .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED))
                        .addField(
                                field("counts", 11, FieldDescriptorProto.Type.TYPE_SINT32)
                                        .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED))
                        .addOneofDecl(OneofDescriptorProto.newBuilder().setName("_note"));
        FileDescriptorProto file =
                FileDescriptorProto.newBuilder()
                        .setName("shop/v1/order.proto")
                        .setPackage("shop.v1")
                        .setSyntax("proto3")
                        .addDependency("google/protobuf/timestamp.proto")
                        .addDependency("google/protobuf/wrappers.proto")
                        .addEnumType(
                                EnumDescriptorProto.newBuilder()
                                        .setName("Channel")
                                        .addValue(value("UNKNOWN", 0))
                                        .addValue(value("WEB", 1)))
                        .addMessageType(line)
                        .addMessageType(message)
                        .build();
        return FileDescriptorSet.newBuilder().addFile(file).build().toByteArray();
    }

    private static EnumValueDescriptorProto.Builder value(String name, int number) {
        return EnumValueDescriptorProto.newBuilder().setName(name).setNumber(number);
    }

    private static FieldDescriptorProto.Builder field(
            String name, int number, FieldDescriptorProto.Type type) {
        return FieldDescriptorProto.newBuilder()
                .setName(name)
                .setNumber(number)
                .setType(type)
                .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
    }

    private Checked<Contract> read(String properties, String more) {
        return AvroContracts.read(
                folder,
                properties,
                "- {property: leat.encoding, value: {format: protobuf, schema: order.binpb,"
                        + " message: "
                        + NAME
                        + more
                        + "}}\n");
    }

    private FieldDescriptor field(String name) {
        return Objects.requireNonNull(order.findFieldByName(name));
    }

    private DynamicMessage order() {
        Descriptor line = field("lines").getMessageType();
        EnumDescriptor channel = field("channel").getEnumType();
        return DynamicMessage.newBuilder(order)
                .setField(field("number"), 7L)
                .setField(field("huge"), -1L)
                .setField(field("price"), 0.1f)
                .setField(field("note"), "")
                .setField(field("channel"), Objects.requireNonNull(channel.findValueByName("WEB")))
                .setField(
                        field("placed"),
                        Timestamp.newBuilder().setSeconds(1_567_606_196).setNanos(5_000).build())
                .setField(field("discount"), DoubleValue.of(2.5))
                .addRepeatedField(
                        field("lines"),
                        DynamicMessage.newBuilder(line)
                                .setField(Objects.requireNonNull(line.findFieldByName("sku")), "s")
                                .build())
                .addRepeatedField(field("counts"), -3)
                .addRepeatedField(field("counts"), 4)
                .build();
    }

    private static final String ORDER =
            """
            {"number":7,"huge":18446744073709551615,"price":0.1,"weight":0.0,"paid":false,"note":"",\
            "channel":"WEB","placed":"2019-09-04T14:09:56.000005Z","discount":2.5,\
            "lines":[{"sku":"s"}],"counts":[-3,4]}\
            """;

    @Test
    void aMessageBecomesTheObjectOfItsFields() {
        PayloadDecoder decoder = decoder(read(PROPERTIES, "").orThrow());

        Decoded decoded =
                decoder.decode("application/x-protobuf", order().toByteArray(), Metadata.NONE);

        assertThat(json(decoded)).isEqualTo(ORDER);
    }

    @Test
    void absentFieldsWithPresenceAreAbsentAndOthersHaveTheirDefault() {
        PayloadDecoder decoder = decoder(read(PROPERTIES, "").orThrow());

        String json = json(decoder.decode("application/protobuf", new byte[0], Metadata.NONE));

        assertThat(json)
                .isEqualTo(
                        """
                        {"number":0,"huge":0,"price":0.0,"weight":0.0,"paid":false,\
                        "channel":"UNKNOWN","lines":[],"counts":[]}\
                        """);
    }

    @Test
    void theIndexesBehindTheIdNameTheMessage() {
        PayloadDecoder decoder =
                decoder(read(PROPERTIES, ", schemaIds: {7: order.binpb}").orThrow());
        String type = "application/vnd.confluent.protobuf";
        byte[] message = order().toByteArray();

        assertThat(json(decoder.decode(type, framed(7, message, 2, 2), Metadata.NONE)))
                .isEqualTo(ORDER);
        assertThat(json(decoder.decode(null, framed(7, message, 2, 2), Metadata.NONE)))
                .isEqualTo(ORDER);
        assertThat(reason(decoder.decode(type, framed(7, message, 0), Metadata.NONE)))
                .isEqualTo("encoding : is a shop.v1.Line, not a shop.v1.Order");
        assertThat(reason(decoder.decode(type, framed(7, message, 2, 4), Metadata.NONE)))
                .isEqualTo("encoding : names a message that its schema does not have");
        assertThat(reason(decoder.decode(type, framed(8, message, 2, 2), Metadata.NONE)))
                .startsWith("encoding : the schema id 8 is not known");
    }

    private static byte[] framed(int id, byte[] message, int... indexes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {0, 0, 0, 0, (byte) id});
        for (int index : indexes) {
            out.write(index);
        }
        out.writeBytes(message);
        return out.toByteArray();
    }

    @Test
    void fieldsThatTheMessageDoesNotHaveArePassedOver() {
        PayloadDecoder decoder = decoder(read(PROPERTIES, "").orThrow());
        byte[] newer =
                order().toBuilder()
                        .setUnknownFields(
                                UnknownFieldSet.newBuilder()
                                        .addField(
                                                99,
                                                UnknownFieldSet.Field.newBuilder()
                                                        .addLengthDelimited(
                                                                ByteString.copyFromUtf8("new"))
                                                        .build())
                                        .build())
                        .build()
                        .toByteArray();

        assertThat(json(decoder.decode("application/protobuf", newer, Metadata.NONE)))
                .isEqualTo(ORDER);
    }

    @Test
    void whatDoesNotFitIsSaidWhenTheContractIsLoaded() {
        assertThat(
                        messages(
                                read(
                                        """
                                        - {name: number, logicalType: string}
                                        - {name: counts, logicalType: integer}
                                        - {name: lines, logicalType: array, items: {logicalType: string}}
                                        - {name: placed, logicalType: date}
                                        - {name: other, logicalType: string, required: true}
                                        """,
                                        "")))
                .contains(
                        "'number' is Protobuf's int64 and cannot become a string",
                        "'counts' is repeated and cannot become an integer",
                        "'lines[]' is the message shop.v1.Line and cannot become a string",
                        "'placed' is google.protobuf.Timestamp and cannot become a date",
                        "the contract has no field 'huge'; declare it, or set leat.unknownFields:"
                                + " drop");
        assertThat(
                        messages(
                                AvroContracts.read(
                                        folder,
                                        PROPERTIES,
                                        "- {property: leat.encoding, value: {format: protobuf,"
                                                + " schema: order.binpb, message: Order}}\n")))
                .containsExactly(
                        "'order.binpb' has no message 'Order', only shop.v1.Line, shop.v1.Order");
        AvroContracts.write(folder, "order.binpb", "message Order {}".getBytes(UTF_8));
        assertThat(messages(read(PROPERTIES, "")))
                .containsExactly("'order.binpb' is no set of Protobuf descriptors");
    }

    @Test
    void anUnknownNumberOfAnEnumIsRefused() {
        PayloadDecoder decoder = decoder(read(PROPERTIES, "").orThrow());

        assertThat(
                        reason(
                                decoder.decode(
                                        "application/protobuf",
                                        new byte[] {7 << 3, 9},
                                        Metadata.NONE)))
                .isEqualTo(
                        "encoding channel: has the number 9, which no value of shop.v1.Channel"
                                + " has");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void brokenBytesAreAnEventOrAReasonAndNothingElse() {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        System.out.println("ProtobufPayloadTest seed " + seed);
        Random random = new Random(seed);
        Contract contract = read(PROPERTIES, ", schemaIds: {7: order.binpb}").orThrow();
        PayloadDecoder decoder = decoder(contract);
        TopLevelCheck check = new TopLevelCheck(contract);
        Validator validator = Validator.forRaw(contract);
        byte[] whole = framed(7, order().toByteArray(), 2, 2);
        int read = 0;
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            boolean withId = random.nextBoolean();
            byte[] sound = withId ? whole : order().toByteArray();
            byte[] bytes = Arrays.copyOf(sound, sound.length - random.nextInt(3));
            for (int n = random.nextInt(5); n > 0; n--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            String type = withId ? "application/vnd.confluent.protobuf" : "application/protobuf";
            switch (decoder.decode(type, bytes, Metadata.NONE)) {
                case Decoded.Json(byte[] json) -> {
                    read++;
                    assertThat(check.check(json))
                            .as("seed %d", seed)
                            .isInstanceOf(TopLevelCheck.Result.Passed.class);
                    assertThat(validator.validate(json)).isInstanceOf(Outcome.class);
                }
                case Decoded.Refused(var reason) -> {
                    refused++;
                    assertThat(EnumSet.of(ReasonCode.ENCODING, ReasonCode.TOO_LARGE))
                            .as("seed %d", seed)
                            .contains(reason.code());
                }
            }
        }
        assertThat(List.of(read, refused)).allSatisfy(n -> assertThat(n).isGreaterThan(500));
    }
}
