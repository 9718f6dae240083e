package leat.core.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.outcome.Outcome.Rejected;
import leat.core.outcome.Outcome.Valid;
import leat.core.outcome.ReasonCode;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;

class EnrichmentTest {

    private static final String HEAD =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: thing
            version: 1.0.0
            status: active
            schema:
              - name: thing
                properties:
                  - {name: a, logicalType: integer, required: true}
                  - {name: b, logicalType: number}
                  - {name: when, logicalType: timestamp}
                  - name: part
                    logicalType: object
                    properties:
                      - {name: s, logicalType: string}
                      - {name: list, logicalType: array, items: {logicalType: integer}}
                  - {name: sum, logicalType: number, logicalTypeOptions: {maximum: 100}}
                  - {name: text, logicalType: string}
                  - {name: price, logicalType: number, physicalType: "decimal(6,2)"}
                  - {name: later, logicalType: timestamp}
                  - {name: big, logicalType: boolean, required: true}
            customProperties:
              - {property: leat.unknownFields, value: drop}
              - property: leat.enrich
                value:
            """;

    private static final String STEPS =
            """
                  - field: sum
                    expression: "double(event.a) + (has(event.b) ? event.b : 0.0)"
                  - {field: text, constant: 'say "hi"'}
                  - field: price
                    expression: "event.sum / 3.0"
                  - field: later
                    expression: "has(event.when) ? dyn(event.when + duration('1h')) : dyn(null)"
                  - field: big
                    expression: "event.sum > 10.0 || (has(event.part) && has(event.part.list) && event.part.list.exists(x, x > 5))"
            """;

    private static Contract contract(String steps) {
        return OdcsReader.read(Path.of("thing.odcs.yaml"), HEAD + steps.indent(0)).orThrow();
    }

    private final Contract contract = contract(STEPS);
    private final Enrichment enrichment = Enrichment.of(contract);

    private static Valid valid(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Valid.class);
        return (Valid) outcome;
    }

    private String enriched(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        Valid raw = valid(Validator.forRaw(contract).validate(bytes));
        Row row = valid(enrichment.apply(raw.row()).outcome()).row();
        byte[] spliced = enrichment.splice(bytes, raw.unknownFields(), row);
        assertThat(valid(Validator.forEnriched(contract).validate(spliced)).row()).isEqualTo(row);
        return new String(spliced, StandardCharsets.UTF_8);
    }

    @Test
    void addedFieldsStandBehindTheClientsBytes() {
        assertThat(enriched("{ \"a\": 12.0, \"b\": 0.5, \"when\": \"2026-01-01T00:00:00Z\" } \n"))
                .isEqualTo(
                        "{ \"a\": 12.0, \"b\": 0.5, \"when\": \"2026-01-01T00:00:00Z\" ,"
                                + "\"sum\":12.5,\"text\":\"say \\\"hi\\\"\",\"price\":4.17,"
                                + "\"later\":\"2026-01-01T01:00:00Z\",\"big\":true}");
    }

    @Test
    void nestedValuesAndListsAreSeenAndAComputedNullLeavesTheFieldOut() {
        assertThat(enriched("{\"a\":1,\"part\":{\"s\":\"x\",\"list\":[1,6]}}"))
                .endsWith(",\"sum\":1.0,\"text\":\"say \\\"hi\\\"\",\"price\":0.33,\"big\":true}");
    }

    @Test
    void droppedFieldsAreLeftOutAtEveryLevel() {
        assertThat(
                        enriched(
                                "{\"u\":[{}],\"a\":1e0,\"part\":{\"v\":1,\"s\":\"\\u0041\\n\"},\"w\":2}"))
                .startsWith("{\"a\":1e0,\"part\":{\"s\":\"A\\n\"},\"sum\":1.0,");
    }

    @Test
    void aContractWithoutStepsLeavesTheBytesAlone() {
        Contract bare =
                OdcsReader.read(
                                Path.of("c.odcs.yaml"),
                                HEAD.substring(0, HEAD.indexOf("  - property: leat.enrich")))
                        .orThrow();
        byte[] bytes = "{\"a\":1,\"big\":true}".getBytes(StandardCharsets.UTF_8);
        Valid raw = valid(Validator.forRaw(bare).validate(bytes));

        Enrichment none = Enrichment.of(bare);

        assertThat(none.splice(bytes, false, valid(none.apply(raw.row()).outcome()).row()))
                .isSameAs(bytes);
    }

    @Test
    void anEmptyObjectGetsNoLeadingComma() {
        Contract optional =
                OdcsReader.read(
                                Path.of("c.odcs.yaml"),
                                HEAD.replace("integer, required: true}", "integer}")
                                        + "      - {field: text, constant: x}\n"
                                        + "      - {field: big, constant: true}\n")
                        .orThrow();
        Enrichment constants = Enrichment.of(optional);
        byte[] bytes = "{ }".getBytes(StandardCharsets.UTF_8);
        Row row = valid(Validator.forRaw(optional).validate(bytes)).row();

        byte[] spliced =
                constants.splice(bytes, false, valid(constants.apply(row).outcome()).row());

        assertThat(new String(spliced, StandardCharsets.UTF_8))
                .isEqualTo("{ \"text\":\"x\",\"big\":true}");
    }

    @Test
    void whatCannotBeComputedOrIsOutOfRangeIsARejection() {
        Contract failing =
                contract(
                        """
                              - {field: sum, expression: "event.b * 2.0"}
                              - {field: text, expression: "string(1 / (event.a - 1))"}
                              - {field: big, constant: true}
                        """);
        Enrichment steps = Enrichment.of(failing);
        Validator validator = Validator.forRaw(failing);
        Row absent = valid(validator.validate("{\"a\":1}".getBytes(StandardCharsets.UTF_8))).row();
        Row large =
                valid(validator.validate("{\"a\":2,\"b\":51}".getBytes(StandardCharsets.UTF_8)))
                        .row();

        Outcome failed = steps.apply(absent).outcome();
        Outcome outside = steps.apply(large).outcome();

        assertThat(((Rejected) failed).reasons())
                .extracting(reason -> reason.code() + " " + reason.field())
                .containsExactly(ReasonCode.EXPRESSION + " sum", ReasonCode.EXPRESSION + " text");
        assertThat(((Rejected) outside).reasons())
                .extracting(reason -> reason.code() + " " + reason.field())
                .containsExactly(ReasonCode.RANGE + " sum");
    }

    @Test
    void aBadExpressionIsAProblemWithItsLine() {
        List<String> problems =
                OdcsReader.read(
                                Path.of("thing.odcs.yaml"),
                                HEAD
                                        + """
                                              - {field: sum, expression: "event.c + 1"}
                                              - {field: text, expression: "event.a"}
                                              - {field: big, expression: "event.a >"}
                                              - {field: later, expression: "event.b + 'x'"}
                                        """)
                        .faults()
                        .stream()
                        .map(Problem::toString)
                        .toList();

        assertThat(problems).hasSize(4);
        assertThat(problems.get(0)).startsWith("thing.odcs.yaml:26: ").contains("undefined field");
        assertThat(problems.get(1)).startsWith("thing.odcs.yaml:27: ").contains("needs string");
        assertThat(problems.get(2))
                .isEqualTo(
                        "thing.odcs.yaml:28: leat.enrich.big: 'event.a >' breaks off. Write what is"
                                + " missing at its end, e.g. a value behind an operator or a"
                                + " closing bracket.");
        assertThat(problems.getLast()).startsWith("thing.odcs.yaml:29: ");
    }

    @Test
    void theCarsTyrePressureSpreadIsComputed() {
        Contract cars =
                OdcsReader.read(
                                Path.of(
                                        "../examples/connected-car/contracts/car-telemetry.odcs.yaml"))
                        .orThrow();
        StringBuilder json = new StringBuilder("{\"time\":1567606196,\"car\":\"car1\"");
        int pressure = 30;
        for (String field :
                cars.fields().stream().skip(2).limit(18).map(field -> field.name()).toList()) {
            int value = field.startsWith("tire") ? pressure++ : 1;
            json.append(",\"").append(field).append("\":").append(value);
        }
        byte[] bytes = json.append('}').toString().getBytes(StandardCharsets.UTF_8);
        Row raw = valid(Validator.forRaw(cars).validate(bytes)).row();

        Row row = valid(Enrichment.of(cars).apply(raw).outcome()).row();

        assertThat(row.value("tire_pressure_spread")).isEqualTo(3L);
        assertThat(row.value("fleet")).isEqualTo("demo");
    }
}
