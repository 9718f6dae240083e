package leat.core.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.core.encoding.AvroContracts.avro;
import static leat.core.encoding.AvroContracts.bytes;
import static leat.core.encoding.AvroContracts.decoder;
import static leat.core.encoding.AvroContracts.framed;
import static leat.core.encoding.AvroContracts.json;
import static leat.core.encoding.AvroContracts.messages;
import static leat.core.encoding.AvroContracts.reason;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AvroPayloadTest {

    @TempDir Path folder;

    @Test
    void carReadingsAsTheyAreBecomeTelemetryWithCarAndTimeFromHeaders() {
        String schemaText = AvroContracts.resource("encoding/car-readings.avsc");
        Schema schema = PayloadSchemas.avro(schemaText);
        Contract contract =
                avro(
                                folder,
                                schemaText,
                                carProperties(schema),
                                ", headers: {car: ce_subject, time: ce_time}")
                        .orThrow();
        GenericRecord readings = new GenericData.Record(schema);
        for (Schema.Field field : schema.getFields()) {
            boolean whole = field.schema().getType() == Schema.Type.INT;
            readings.put(field.pos(), whole ? (Object) field.pos() : 0.1f + field.pos());
        }
        Metadata metadata = Map.of("ce_subject", "c7", "ce_time", "2019-09-04T14:09:56Z")::get;

        Decoded decoded =
                decoder(contract).decode("application/avro", bytes(schema, readings), metadata);

        assertThat(json(decoded))
                .startsWith("{\"car\":\"c7\",\"time\":1567606196,\"coolant_temp\":0.1,")
                .contains("\"intake_air_temp\":1.1,", "\"tire_pressure_1_1\":9,")
                .endsWith("\"control_unit_firmware\":17}");
        assertThat(Validator.forRaw(contract).validate(json(decoded).getBytes(UTF_8)))
                .isInstanceOf(Outcome.Valid.class);
    }

    private static String carProperties(Schema schema) {
        StringBuilder properties =
                new StringBuilder(
                        """
                        - {name: car, logicalType: string, required: true}
                        - {name: time, logicalType: timestamp, required: true, logicalTypeOptions: {format: epoch-seconds}}
                        """);
        for (Schema.Field field : schema.getFields()) {
            boolean whole = field.schema().getType() == Schema.Type.INT;
            properties
                    .append("- {name: ")
                    .append(field.name())
                    .append(", required: true, logicalType: ")
                    .append(whole ? "integer" : "number")
                    .append("}\n");
        }
        return properties.toString();
    }

    @Test
    void aHeaderThatIsMissingOrOfAnotherTypeIsTheValidatorsCase() {
        Contract contract =
                avro(
                                folder,
                                record("{'name': 'a', 'type': 'int'}"),
                                """
                                - {name: a, logicalType: integer}
                                - {name: car, logicalType: integer, required: true}
                                """,
                                ", headers: {car: ce_subject}")
                        .orThrow();

        String missing = json(decoder(contract).decode("application/avro", new byte[] {2}, none()));
        String text =
                json(
                        decoder(contract)
                                .decode(
                                        "application/avro",
                                        new byte[] {2},
                                        Map.of("ce_subject", "7, \"b\": 1")::get));

        assertThat(missing).isEqualTo("{\"a\":1}");
        assertThat(text).isEqualTo("{\"car\":\"7, \\\"b\\\": 1\",\"a\":1}");
    }

    private static Metadata none() {
        return Metadata.NONE;
    }

    /// A schema with single quotes for the fields.
    private static String record(String fields) {
        return "{'type': 'record', 'name': 'Thing', 'fields': [FIELDS]}"
                .replace("FIELDS", fields)
                .replace('\'', '"');
    }

    @Test
    void everyTypeBecomesWhatTheContractDemands() {
        String schemaText =
                record(
                        """
                        {'name': 'text', 'type': 'string'},
                        {'name': 'word', 'type': {'type': 'enum', 'name': 'W', 'symbols': ['web', 'app']}},
                        {'name': 'small', 'type': 'int'},
                        {'name': 'large', 'type': 'long'},
                        {'name': 'float', 'type': 'float'},
                        {'name': 'double', 'type': 'double'},
                        {'name': 'yes', 'type': 'boolean'},
                        {'name': 'price', 'type': {'type': 'bytes', 'logicalType': 'decimal', 'precision': 9, 'scale': 2}},
                        {'name': 'rate', 'type': {'type': 'fixed', 'name': 'F', 'size': 4, 'logicalType': 'decimal', 'precision': 9, 'scale': 3}},
                        {'name': 'id', 'type': {'type': 'fixed', 'name': 'U', 'size': 16, 'logicalType': 'uuid'}},
                        {'name': 'day', 'type': {'type': 'int', 'logicalType': 'date'}},
                        {'name': 'clock', 'type': {'type': 'int', 'logicalType': 'time-millis'}},
                        {'name': 'fine', 'type': {'type': 'long', 'logicalType': 'time-micros'}},
                        {'name': 'millis', 'type': {'type': 'long', 'logicalType': 'timestamp-millis'}},
                        {'name': 'micros', 'type': {'type': 'long', 'logicalType': 'timestamp-micros'}},
                        {'name': 'epoch', 'type': {'type': 'long', 'logicalType': 'timestamp-micros'}},
                        {'name': 'plain', 'type': 'long'},
                        {'name': 'some', 'type': ['null', 'string']},
                        {'name': 'nothing', 'type': ['null', 'string']},
                        {'name': 'either', 'type': ['int', 'double', 'null']},
                        {'name': 'inner', 'type': {'type': 'record', 'name': 'I', 'fields': [{'name': 'n', 'type': 'int'}]}},
                        {'name': 'list', 'type': {'type': 'array', 'items': 'I'}}
                        """);
        Schema schema = PayloadSchemas.avro(schemaText);
        Contract contract =
                avro(
                                folder,
                                schemaText,
                                """
                                - {name: text, logicalType: string}
                                - {name: word, logicalType: string}
                                - {name: small, logicalType: integer}
                                - {name: large, logicalType: integer}
                                - {name: float, logicalType: number}
                                - {name: double, logicalType: number}
                                - {name: 'yes', logicalType: boolean}
                                - {name: price, logicalType: number, physicalType: 'decimal(9,2)'}
                                - {name: rate, logicalType: number}
                                - {name: id, logicalType: string, logicalTypeOptions: {format: uuid}}
                                - {name: day, logicalType: date}
                                - {name: clock, logicalType: time}
                                - {name: fine, logicalType: time}
                                - {name: millis, logicalType: timestamp}
                                - {name: micros, logicalType: timestamp}
                                - {name: epoch, logicalType: timestamp, logicalTypeOptions: {format: epoch-millis}}
                                - {name: plain, logicalType: timestamp, logicalTypeOptions: {format: epoch-millis}}
                                - {name: some, logicalType: string}
                                - {name: nothing, logicalType: string}
                                - {name: either, logicalType: number}
                                - {name: inner, logicalType: object, properties: [{name: n, logicalType: integer}]}
                                - {name: list, logicalType: array, items: {logicalType: object, properties: [{name: n, logicalType: integer}]}}
                                """)
                        .orThrow();
        GenericRecord inner = new GenericData.Record(schema.getField("inner").schema());
        inner.put("n", 3);
        Schema words = schema.getField("word").schema();
        Schema fixed = schema.getField("rate").schema();
        Schema uuid = schema.getField("id").schema();
        byte[] id = new byte[16];
        id[15] = 1;
        Object[] values = {
            "a\"ü\u0001",
            new GenericData.EnumSymbol(words, "app"),
            -5,
            Long.MIN_VALUE,
            0.1f,
            1e-300,
            true,
            ByteBuffer.wrap(new BigDecimal("-12.30").unscaledValue().toByteArray()),
            new GenericData.Fixed(fixed, new byte[] {0, 0, 4, (byte) 0xd2}),
            new GenericData.Fixed(uuid, id),
            20_000,
            3_661_001,
            86_399_999_999L,
            1_567_606_196_123L,
            1_567_606_196_123_456L,
            1_567_606_196_123_000L,
            1_567_606_196_123L,
            "x",
            null,
            2.5,
            inner,
            List.of(inner, inner)
        };
        GenericRecord datum = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            datum.put(i, values[i]);
        }

        String json =
                json(decoder(contract).decode("application/avro", bytes(schema, datum), none()));

        assertThat(json)
                .isEqualTo(
                        """
                        {"text":"a\\"ü\\u0001","word":"app","small":-5,"large":-9223372036854775808,\
                        "float":0.1,"double":1.0E-300,"yes":true,"price":-12.30,"rate":1.234,\
                        "id":"00000000-0000-0000-0000-000000000001","day":"2024-10-04",\
                        "clock":"01:01:01.001","fine":"23:59:59.999999",\
                        "millis":"2019-09-04T14:09:56.123Z","micros":"2019-09-04T14:09:56.123456Z",\
                        "epoch":1567606196123,"plain":1567606196123,"some":"x","either":2.5,\
                        "inner":{"n":3},"list":[{"n":3},{"n":3}]}\
                        """);
        assertThat(Validator.forRaw(contract).validate(json.getBytes(UTF_8)))
                .isInstanceOf(Outcome.Valid.class);
    }

    @Test
    void whatTheContractDoesNotFitIsSaidWhenItIsLoaded() {
        List<String> messages =
                messages(
                        avro(
                                folder,
                                record(
                                        """
                                        {'name': 'a', 'type': 'string'},
                                        {'name': 'b', 'type': {'type': 'map', 'values': 'int'}},
                                        {'name': 'c', 'type': 'bytes'},
                                        {'name': 'd', 'type': 'double'},
                                        {'name': 'e', 'type': {'type': 'array', 'items': 'string'}},
                                        {'name': 'f', 'type': ['null', 'int', 'string']},
                                        {'name': 'g', 'type': 'int'},
                                        {'name': 'h', 'type': {'type': 'long', 'logicalType': 'local-timestamp-millis'}}
                                        """),
                                """
                                - {name: a, logicalType: integer}
                                - {name: b, logicalType: object, properties: [{name: n, logicalType: integer}]}
                                - {name: c, logicalType: string}
                                - {name: d, logicalType: integer}
                                - {name: e, logicalType: array, items: {logicalType: integer}}
                                - {name: f, logicalType: integer}
                                - {name: h, logicalType: timestamp}
                                - {name: r, logicalType: string, required: true}
                                """));

        assertThat(messages)
                .containsExactly(
                        "'a' is Avro's string and cannot become an integer",
                        "'b' is a map and cannot become an object",
                        "'c' is Avro's bytes and cannot become a string",
                        "'d' is Avro's double and cannot become an integer",
                        "'e[]' is Avro's string and cannot become an integer",
                        "'f' is Avro's string and cannot become an integer",
                        "'h' is Avro's long (local-timestamp-millis) and cannot become a timestamp",
                        "'r' is required by the contract, and the schema does not have it; take it"
                                + " from a header (headers), or do not require it",
                        "the contract has no field 'g'; declare it, or set leat.unknownFields:"
                                + " drop");
    }

    @Test
    void whatIsWrongWithThePropertyIsSaid() {
        String a = "- {name: a, logicalType: integer}\n";
        String schema = record("{'name': 'a', 'type': 'int'}");

        assertThat(messages(AvroContracts.read(folder, a, custom("{format: avro}"))))
                .containsExactly("is missing");
        assertThat(messages(AvroContracts.read(folder, a, custom("{format: arvo, schema: x}"))))
                .containsExactly("unknown format 'arvo'");
        assertThat(
                        messages(
                                AvroContracts.read(
                                        folder, a, custom("{format: avro, schema: no.avsc}"))))
                .containsExactly("the file 'no.avsc' cannot be read beside the contract");
        assertThat(messages(avro(folder, "\"int\"", a)))
                .containsExactly("'thing.avsc' is the schema of int, not of a record");
        assertThat(messages(avro(folder, "{", a)).getFirst())
                .startsWith("'thing.avsc' is no Avro schema: ");
        assertThat(messages(avro(folder, schema, a, ", headers: {b: ce_subject}")))
                .containsExactly("there is no top-level field 'b'");
        assertThat(messages(avro(folder, schema, a, ", headers: {a: ce_subject}")))
                .containsExactly("'a' comes from a header and from the schema");
        assertThat(messages(avro(folder, schema, a, ", headers: {a: ce_id}")))
                .containsExactly(
                        "'ce_id' cannot be taken; name ce_time, ce_subject or an extension of"
                                + " CloudEvents, ce_car");
        assertThat(messages(avro(folder, schema, a, ", schemaIds: {x: thing.avsc}")))
                .containsExactly("is no id of a schema");
        assertThat(messages(avro(folder, schema, a, ", message: Thing")))
                .containsExactly("an Avro schema is one record's");
    }

    private static String custom(String encoding) {
        return "- {property: leat.encoding, value: " + encoding + "}\n";
    }

    @Test
    void theIdBeforeAnEventNamesTheSchemaItWasWrittenWith() {
        String old = record("{'name': 'a', 'type': 'int'}, {'name': 'gone', 'type': 'string'}");
        String now =
                record(
                        "{'name': 'a', 'type': 'long'}, {'name': 'b', 'type': 'string', 'default':"
                                + " 'x'}");
        AvroContracts.write(folder, "old.avsc", old.getBytes(UTF_8));
        Contract contract =
                avro(
                                folder,
                                now,
                                """
                                - {name: a, logicalType: integer, required: true}
                                - {name: b, logicalType: string, required: true}
                                """,
                                ", schemaIds: {7: old.avsc, 9: thing.avsc}")
                        .orThrow();
        Schema oldSchema = PayloadSchemas.avro(old);
        GenericRecord event = new GenericData.Record(oldSchema);
        event.put("a", 5);
        event.put("gone", "g");
        PayloadDecoder decoder = decoder(contract);
        byte[] written = bytes(oldSchema, event);

        String type = "application/vnd.confluent.avro";
        assertThat(json(decoder.decode(type, framed(7, written), none())))
                .isEqualTo("{\"a\":5,\"b\":\"x\"}");
        assertThat(json(decoder.decode(null, framed(7, written), none())))
                .isEqualTo("{\"a\":5,\"b\":\"x\"}");
        assertThat(reason(decoder.decode(type, framed(8, written), none())))
                .isEqualTo(
                        "encoding : the schema id 8 is not known, only [7, 9]; list its schema in"
                                + " the contract under schemaIds");
        assertThat(reason(decoder.decode(type, written, none())))
                .startsWith("encoding : does not begin with the byte 0");
    }

    @Test
    void aWriterWhoseEventsCannotBeReadIsAProblemOfTheContract() {
        AvroContracts.write(
                folder, "old.avsc", record("{'name': 'a', 'type': 'string'}").getBytes(UTF_8));

        assertThat(
                        messages(
                                avro(
                                        folder,
                                        record("{'name': 'a', 'type': 'int'}"),
                                        "- {name: a, logicalType: integer}\n",
                                        ", schemaIds: {7: old.avsc}")))
                .containsExactly(
                        "what was written with schema id 7 cannot be read with the contract's"
                                + " schema");
    }

    @Test
    void jsonIsHandedBackAndOtherTypesAreRefused() {
        Contract contract =
                avro(
                                folder,
                                record("{'name': 'a', 'type': 'double'}"),
                                "- {name: a, logicalType: number}\n")
                        .orThrow();
        byte[] event = "{\"a\":1}".getBytes(UTF_8);
        PayloadDecoder decoder = decoder(contract);

        assertThat(decoder.decode(null, event, none())).isEqualTo(new Decoded.Json(event));
        assertThat(decoder.decode("application/json; charset=utf-8", event, none()))
                .isEqualTo(new Decoded.Json(event));
        assertThat(reason(decoder.decode("application/protobuf", event, none())))
                .isEqualTo(
                        "encoding : the content type is 'application/protobuf'; send"
                                + " application/json, application/avro,"
                                + " application/vnd.confluent.avro");
        assertThat(
                        reason(
                                decoder.decode(
                                        "avro/binary",
                                        ByteBuffer.allocate(8)
                                                .putLong(
                                                        Long.reverseBytes(
                                                                Double.doubleToLongBits(
                                                                        Double.NaN)))
                                                .array(),
                                        none())))
                .isEqualTo("encoding a: is NaN, which is no number of JSON");
    }
}
