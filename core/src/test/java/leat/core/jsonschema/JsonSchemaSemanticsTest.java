package leat.core.jsonschema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The meaning of JSON Schema's keywords as far as a contract can express them, case by case: the
/// verdict that the specification (draft 2020-12) gives, the contract's validator and an
/// independent implementation on the exported schema have to be the same.
class JsonSchemaSemanticsTest {

    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                    .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
                    .build();

    /// One property `v` of a contract, and values that it takes and refuses.
    private record Keyword(String name, String property, List<String> takes, List<String> refuses) {

        /// The values as whole events.
        List<String> events(List<String> values) {
            return values.stream().map(value -> "{\"v\": " + value + "}").toList();
        }
    }

    private static Keyword of(
            String name, String property, List<String> takes, List<String> refuses) {
        return new Keyword(name, property, takes, refuses);
    }

    private static List<Keyword> types() {
        return List.of(
                of(
                        "type integer: a number without a fraction, however it is written",
                        "logicalType: integer, required: true",
                        List.of("1", "1.0", "-0", "0.0", "1e2", "12.50e1", "9223372036854775807"),
                        List.of("1.1", "1e-1", "\"1\"", "\"\"", "true", "null", "[1]", "{}")),
                of(
                        "type number: integers are numbers, texts of digits are not",
                        "logicalType: number, required: true",
                        List.of("1", "1.1", "-1e-3", "0"),
                        List.of("\"1.1\"", "false", "null", "[]", "{}")),
                of(
                        "type string: no other type is one",
                        "logicalType: string, required: true",
                        List.of("\"\"", "\"1\"", "\"null\"", "\"\\u0000\""),
                        List.of("1", "true", "null", "[\"a\"]", "{\"a\": \"b\"}")),
                of(
                        "type boolean: neither 0, 1 nor words",
                        "logicalType: boolean, required: true",
                        List.of("true", "false"),
                        List.of("0", "1", "\"true\"", "\"\"", "null", "[]", "{}")),
                of(
                        "type array: an object is none, nor is a single item",
                        "logicalType: array, required: true, items: {logicalType: integer}",
                        List.of("[]", "[1]", "[1, 2.0]"),
                        List.of("{}", "1", "null", "\"[]\"")),
                of(
                        "type object: an array is none",
                        "logicalType: object, required: true,"
                                + " properties: [{name: a, logicalType: integer}]",
                        List.of("{}", "{\"a\": 1}"),
                        List.of("[]", "\"{}\"", "null", "1")),
                of(
                        "an optional field may be null",
                        "logicalType: integer",
                        List.of("null", "1"),
                        List.of("\"null\"", "0.5")));
    }

    private static List<Keyword> numbers() {
        return List.of(
                of(
                        "minimum includes its bound",
                        option("number", "minimum: 1.1"),
                        List.of("2.6", "1.1", "1.10", "11e-1"),
                        List.of("0.6", "1.0999999")),
                of(
                        "minimum below zero",
                        option("integer", "minimum: -2"),
                        List.of("-1", "0", "-2", "-2.0"),
                        List.of("-3", "-2.0001", "-1e1")),
                of(
                        "maximum includes its bound",
                        option("number", "maximum: 3.0"),
                        List.of("2.6", "3", "3.0", "0.3e1"),
                        List.of("3.5", "3.0000001")),
                of(
                        "exclusiveMinimum leaves its bound out",
                        option("number", "exclusiveMinimum: 1.1"),
                        List.of("1.2", "1.1000001"),
                        List.of("1.1", "1.10", "0.6")),
                of(
                        "exclusiveMaximum leaves its bound out",
                        option("integer", "exclusiveMaximum: 3"),
                        List.of("2", "-9223372036854775808"),
                        List.of("3", "3.0", "4")),
                of(
                        "bounds at the ends of 64 bits",
                        option("integer", "minimum: -9223372036854775808"),
                        List.of("-9223372036854775808", "9223372036854775807"),
                        List.of("-9223372036854775809", "9223372036854775808", "1e19")),
                of(
                        "multipleOf an integer",
                        option("integer", "multipleOf: 2"),
                        List.of("10", "0", "-4", "4.0", "9223372036854775806"),
                        List.of("7", "-1", "9223372036854775807")),
                of(
                        "multipleOf a fraction",
                        option("number", "multipleOf: 1.5"),
                        List.of("0", "4.5", "-3"),
                        List.of("35", "0.5")),
                of(
                        "multipleOf a small decimal is not rounded",
                        option("number", "multipleOf: 0.01"),
                        List.of("0.07", "4.02", "19.99", "0.29", "1.13", "0"),
                        List.of("0.005", "19.999", "0.0701")),
                of(
                        "multipleOf a tiny decimal",
                        option("number", "multipleOf: 0.0001"),
                        List.of("0.0075", "0.0001", "12391239.1234"),
                        List.of("0.00751", "0.00001")),
                of(
                        "multipleOf a very small number of a large one",
                        option("number", "multipleOf: 0.00000001"),
                        List.of("12391239123", "1e8", "0.00000001"),
                        List.of("0.000000001", "1.000000001")),
                of(
                        "multipleOf one of a huge number",
                        option("number", "multipleOf: 0.5"),
                        List.of("1e308", "1e300"),
                        List.of("0.25")),
                of(
                        "a decimal has its digits and no more",
                        "logicalType: number, physicalType: 'decimal(5,2)', required: true",
                        List.of("999.99", "-0.10", "1", "1.10", "1e2", "1.000"),
                        List.of("1000", "0.001", "99999", "\"1.00\"")));
    }

    private static List<Keyword> texts() {
        return List.of(
                of(
                        "minLength counts code points",
                        option("string", "minLength: 2"),
                        List.of("\"foo\"", "\"fo\"", "\"\uD83D\uDCA9\uD83D\uDCA9\"", "\"e\u0301\""),
                        List.of("\"f\"", "\"\"", "\"\uD83D\uDCA9\"", "\"\\uD83D\\uDCA9\"")),
                of(
                        "maxLength counts code points",
                        option("string", "maxLength: 2"),
                        List.of("\"f\"", "\"fo\"", "\"\uD83D\uDCA9\uD83D\uDCA9\"", "\"\\n\\t\""),
                        List.of("\"foo\"", "\"\uD83D\uDCA9\uD83D\uDCA9\uD83D\uDCA9\"")),
                of(
                        "pattern matches anywhere",
                        option("string", "pattern: 'a+'"),
                        List.of("\"xxaayy\"", "\"a\"", "\"\\na\""),
                        List.of("\"bbb\"", "\"\"", "\"A\"")),
                of(
                        "a pattern with anchors holds for the whole text",
                        option("string", "pattern: '^a*$'"),
                        List.of("\"aaa\"", "\"\""),
                        List.of("\"abc\"", "\" a\"", "\"a\\n\"", "\"b\\na\"")),
                of(
                        "a pattern with a class and a count",
                        option("string", "pattern: '^[0-9]{2,}$'"),
                        List.of("\"42\"", "\"007\""),
                        List.of("\"4\"", "\"4x\"", "\"\u0664\u0662\"")),
                of(
                        "a pattern's dot is any one code point but a line's end",
                        option("string", "pattern: '^.$'"),
                        List.of("\"a\"", "\"\uD83D\uDC32\""),
                        List.of("\"\"", "\"ab\"", "\"\\n\"")),
                of(
                        "format uuid, whatever its version",
                        option("string", "format: uuid"),
                        List.of(
                                "\"2eb8aa08-aa98-11ea-b4aa-73b441d16380\"",
                                "\"2EB8AA08-AA98-11EA-B4AA-73B441D16380\"",
                                "\"00000000-0000-0000-0000-000000000000\""),
                        List.of(
                                "\"2eb8aa08-aa98-11ea-b4aa-73b441d1638\"",
                                "\"2eb8aa08aa9811eab4aa73b441d16380\"",
                                "\"2eb8aa08-aa98-11ea-b4ga-73b441d16380\"",
                                "\"\"")),
                of(
                        "format ipv4",
                        option("string", "format: ipv4"),
                        List.of("\"192.168.0.1\"", "\"0.0.0.0\"", "\"255.255.255.255\""),
                        List.of(
                                "\"127.0.0.0.1\"",
                                "\"256.1.1.1\"",
                                "\"127.0\"",
                                "\"0x7f000001\"",
                                "\"2130706433\"",
                                "\"1.2.3.4/24\"")),
                of(
                        "format ipv6",
                        option("string", "format: ipv6"),
                        List.of("\"::1\"", "\"::\"", "\"::42:ff:1\"", "\"1:2:3:4:5:6:7:8\""),
                        List.of(
                                "\"12345::\"",
                                "\":2:3:4:5:6:7:8\"",
                                "\"1:2:3:4:5:6:7\"",
                                "\"1::d6::42\"",
                                "\"::laptop\"")),
                of(
                        "format email",
                        option("string", "format: email"),
                        List.of("\"joe.bloggs@example.com\"", "\"te~st@example.com\""),
                        List.of("\"2962\"", "\"@example.com\"", "\"a b@example.com\"")),
                of(
                        "format hostname",
                        option("string", "format: hostname"),
                        List.of("\"www.example.com\"", "\"a\"", "\"xn--4gbwdl.xn--wgbh1c\""),
                        List.of("\"-bad.example\"", "\"a_b\"", "\"a..b\"", "\"\"")),
                of(
                        "format date of the calendar",
                        "logicalType: date, required: true",
                        List.of("\"1963-06-19\"", "\"2020-02-29\"", "\"2000-02-29\""),
                        List.of(
                                "\"2021-02-29\"",
                                "\"1900-02-29\"",
                                "\"2020-04-31\"",
                                "\"2020-13-01\"",
                                "\"1998-1-20\"",
                                "\"06/19/1963\"",
                                "1963")),
                of(
                        "format date-time",
                        "logicalType: timestamp, required: true",
                        List.of(
                                "\"1963-06-19T08:30:06.283185Z\"",
                                "\"1963-06-19T08:30:06Z\"",
                                "\"1937-01-01T12:00:27.87+00:20\""),
                        List.of(
                                "\"1990-02-31T15:59:59.123Z\"",
                                "\"1990-12-31T24:00:00Z\"",
                                "\"1963-06-19 08:30:06Z\"",
                                "\"06/19/1963 08:30:06 PST\"",
                                "\"1963-06-19T08:30:06\"")));
    }

    private static List<Keyword> values() {
        return List.of(
                of(
                        "enum of strings knows upper and lower case",
                        "logicalType: string, required: true, customProperties:"
                                + " [{property: leat.enum, value: [red, Amber, '']}]",
                        List.of("\"red\"", "\"Amber\"", "\"\"", "\"r\\u0065d\""),
                        List.of("\"amber\"", "\"green\"", "\"red \"", "null")),
                of(
                        "enum of integers compares numbers",
                        "logicalType: integer, required: true, customProperties:"
                                + " [{property: leat.enum, value: [0, 1, -7]}]",
                        List.of("0", "0.0", "-0", "1.0", "1e0", "-7"),
                        List.of("2", "false", "true", "\"1\"", "7")),
                of(
                        "enum of numbers",
                        "logicalType: number, required: true, customProperties:"
                                + " [{property: leat.enum, value: [0.5, 2]}]",
                        List.of("0.5", "5e-1", "2", "2.0"),
                        List.of("0.25", "\"2\"", "true")),
                of(
                        "an optional enum takes null",
                        "logicalType: string, customProperties:"
                                + " [{property: leat.enum, value: [a]}]",
                        List.of("null", "\"a\""),
                        List.of("\"null\"", "\"b\"")));
    }

    private static List<Keyword> arrays() {
        return List.of(
                of(
                        "minItems",
                        list("minItems: 1", "integer"),
                        List.of("[1]", "[1, 1]"),
                        List.of("[]")),
                of(
                        "maxItems",
                        list("maxItems: 2", "integer"),
                        List.of("[]", "[1, 2]"),
                        List.of("[1, 2, 3]")),
                of(
                        "items: each of them, null among none",
                        list("minItems: 0", "integer"),
                        List.of("[1, 2, 3]", "[]"),
                        List.of("[1, \"x\"]", "[null]", "[[1]]", "[1, {}]")),
                of(
                        "uniqueItems of integers: 1 and 1.0 are one value",
                        list("uniqueItems: true", "integer"),
                        List.of("[1, 2]", "[]", "[0, -1]"),
                        List.of("[1, 1]", "[1, 1.0]", "[100, 1e2]", "[0, -0]")),
                of(
                        "uniqueItems of numbers",
                        list("uniqueItems: true", "number"),
                        List.of("[1.5, 2]", "[1, 1.5]"),
                        List.of("[1.0, 1.00, 1]", "[0.5, 5e-1]")),
                of(
                        "uniqueItems of strings: the text counts, not its spelling",
                        list("uniqueItems: true", "string"),
                        List.of("[\"a\", \"A\"]", "[\"1\", \"01\"]"),
                        List.of("[\"a\", \"a\"]", "[\"a\", \"\\u0061\"]")),
                of(
                        "uniqueItems of booleans",
                        list("uniqueItems: true", "boolean"),
                        List.of("[true, false]"),
                        List.of("[true, true]", "[1, true]", "[0, false]")),
                of(
                        "uniqueItems of arrays",
                        "logicalType: array, required: true, logicalTypeOptions: {uniqueItems:"
                                + " true}, items: {logicalType: array, items: {logicalType:"
                                + " integer}}",
                        List.of("[[1], [2]]", "[[], [1]]", "[[1, 2], [2, 1]]"),
                        List.of("[[1], [1]]", "[[1], [1.0]]", "[[], []]")),
                of(
                        "uniqueItems of objects: the order of keys does not count",
                        "logicalType: array, required: true, logicalTypeOptions: {uniqueItems:"
                                + " true}, items: {logicalType: object, properties: [{name: a,"
                                + " logicalType: integer}, {name: b, logicalType: string}]}",
                        List.of(
                                "[{\"a\": 1}, {\"a\": 2}]",
                                "[{\"a\": 1, \"b\": \"x\"}, {\"a\": 1, \"b\": \"y\"}]"),
                        List.of(
                                "[{\"a\": 1}, {\"a\": 1}]",
                                "[{\"a\": 1, \"b\": \"x\"}, {\"b\": \"x\", \"a\": 1.0}]")));
    }

    private static List<Keyword> objects() {
        return List.of(
                of(
                        "required fields of an inner object; an empty text is a value",
                        "logicalType: object, required: true, properties: [{name: a, logicalType:"
                                + " string, required: true}, {name: b, logicalType: integer}]",
                        List.of(
                                "{\"a\": \"\"}",
                                "{\"a\": \"x\", \"b\": 1}",
                                "{\"b\": null, \"a\": \"\"}"),
                        List.of("{}", "{\"b\": 1}", "{\"a\": null}", "{\"A\": \"x\"}")),
                of(
                        "additionalProperties: what is not declared is refused at any level",
                        "logicalType: object, required: true, properties: [{name: a, logicalType:"
                                + " object, properties: [{name: b, logicalType: integer}]}]",
                        List.of("{}", "{\"a\": {}}", "{\"a\": {\"b\": 2}}"),
                        List.of("{\"c\": 1}", "{\"a\": {\"c\": 1}}", "{\"\": 1}", "{\"a\": [1]}")),
                of(
                        "names with signs and escapes",
                        "logicalType: object, required: true, properties: [{name: 'foo bar/$%',"
                                + " logicalType: integer, required: true}]",
                        List.of("{\"foo bar/$%\": 1}", "{\"foo\\u0020bar\\/$%\": 1}"),
                        List.of("{\"foo bar/$\": 1}", "{\"foo bar/$%\": \"1\"}")),
                of(
                        "names that are words of JavaScript",
                        "logicalType: object, required: true, properties: [{name: __proto__,"
                                + " logicalType: integer}, {name: toString, logicalType: object,"
                                + " properties: [{name: length, logicalType: string}]},"
                                + " {name: constructor, logicalType: integer}]",
                        List.of("{}", "{\"__proto__\": 1, \"toString\": {\"length\": \"x\"}}"),
                        List.of(
                                "{\"__proto__\": \"x\"}",
                                "{\"toString\": {\"length\": 37}}",
                                "{\"constructor\": {\"length\": 1}}")));
    }

    private static String option(String type, String option) {
        return "logicalType: " + type + ", required: true, logicalTypeOptions: {" + option + "}";
    }

    private static String list(String option, String items) {
        return "logicalType: array, required: true, logicalTypeOptions: {"
                + option
                + "}, items: {logicalType: "
                + items
                + "}";
    }

    @TestFactory
    Stream<DynamicTest> aKeywordMeansWhatJsonSchemaSays() {
        return Stream.of(types(), numbers(), texts(), values(), arrays(), objects())
                .flatMap(List::stream)
                .map(keyword -> DynamicTest.dynamicTest(keyword.name(), () -> check(keyword)));
    }

    @TestFactory
    Stream<DynamicTest> unknownFieldsAreAdditionalProperties() {
        String inner = "logicalType: object, properties: [{name: a, logicalType: integer}]";
        List<String> odd = List.of("{\"a\": 1, \"b\": [null, {\"c\": 1e400}]}", "{\"b\": \"x\"}");
        return Stream.of("reject", "keep", "drop")
                .map(unknown ->
                        DynamicTest.dynamicTest(
                                unknown,
                                () -> {
                                    Keyword refused =
                                            of(unknown, inner, List.of("{\"a\": 1}"), odd);
                                    Keyword taken =
                                            of(unknown, inner, odd, List.of("{\"a\": \"x\"}"));
                                    check(unknown.equals("reject") ? refused : taken, unknown);
                                }));
    }

    private static void check(Keyword keyword) {
        check(keyword, "reject");
    }

    private static void check(Keyword keyword, String unknown) {
        Contract contract = contract(keyword.property(), unknown);
        Validator validator = Validator.forRaw(contract);
        Schema schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(MAPPER.readTree(JsonSchemaExport.of(contract)));
        List<String> wrong = new ArrayList<>();
        keyword.events(keyword.takes())
                .forEach(event -> judge(event, true, validator, schema, wrong));
        keyword.events(keyword.refuses())
                .forEach(event -> judge(event, false, validator, schema, wrong));
        assertThat(wrong).isEmpty();
    }

    private static void judge(
            String event, boolean sound, Validator validator, Schema schema, List<String> wrong) {
        JsonNode tree = MAPPER.readTree(event);
        boolean ours = validator.validate(event.getBytes(UTF_8)) instanceof Outcome.Valid;
        boolean theirs = schema.validate(tree).isEmpty();
        if (ours != sound || theirs != sound) {
            wrong.add(
                    event
                            + " is "
                            + (sound ? "sound" : "unsound")
                            + "; ours: "
                            + validator.validate(event.getBytes(UTF_8))
                            + ", the schema's: "
                            + schema.validate(tree));
        }
    }

    private static Contract contract(String property, String unknown) {
        return OdcsReader.read(
                        Path.of("thing.odcs.yaml"),
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: thing
                        version: 1.0.0
                        status: active
                        schema:
                          - name: thing
                            properties:
                              - {name: v, PROPERTY}
                        customProperties:
                          - {property: leat.unknownFields, value: UNKNOWN}
                        """
                                .replace("PROPERTY", property)
                                .replace("UNKNOWN", unknown))
                .orThrow();
    }
}
