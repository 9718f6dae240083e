package leat.core.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Contract.TimePartitioning;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.UnknownFields;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OdcsReaderTest {

    private static final Path EXAMPLES = Path.of("../examples/connected-car/contracts");
    private static final Path NESTED = Path.of("src/test/resources/contracts");

    private static List<String> complaints(String text) {
        return OdcsReader.read(Path.of("c.odcs.yaml"), text).faults().stream()
                .map(Problem::toString)
                .toList();
    }

    /// A sound contract whose properties and custom properties are given.
    private static String contract(String properties, String custom) {
        return """
        apiVersion: v3.1.0
        kind: DataContract
        id: thing
        version: 1.0.0
        status: active
        schema:
          - name: thing
            properties:
        """
                + properties.indent(6)
                + (custom.isEmpty() ? "" : "customProperties:\n" + custom.indent(2));
    }

    @Test
    void theExampleContractsAreSound() {
        Contracts contracts = OdcsReader.readFolder(EXAMPLES).orThrow();

        Contract telemetry = contracts.find("car-telemetry").orElseThrow();
        assertThat(telemetry.fields()).hasSize(22);
        assertThat(telemetry.id()).containsExactly(FieldPath.parse("car"), FieldPath.parse("time"));
        assertThat(telemetry.key()).contains(FieldPath.parse("car"));
        assertThat(telemetry.time()).contains(FieldPath.parse("time"));
        assertThat(telemetry.log().retention()).contains(Duration.ofDays(365));
        assertThat(telemetry.steps()).hasSize(2);
        assertThat(telemetry.steps().getLast())
                .isInstanceOfSatisfying(
                        EnrichStep.Constant.class,
                        constant -> assertThat(constant.value()).isEqualTo("demo"));
        assertThat(telemetry.fields().stream().filter(Field::added).map(Field::name))
                .containsExactly("tire_pressure_spread", "fleet");
        assertThat(contracts.find("car-failure")).isPresent();
        assertThat(contracts.nearest("car-telemtry")).contains("car-telemetry");
    }

    @Test
    void nestedObjectsArraysAndOurPropertiesAreRead() {
        Contract visit = OdcsReader.read(NESTED.resolve("workshop-visit.odcs.yaml")).orThrow();

        assertThat(visit.name().value()).isEqualTo("workshop-visit");
        assertThat(visit.tableName()).isEqualTo("workshop_visit_v2");
        assertThat(visit.unknownFields()).isEqualTo(UnknownFields.DROP);
        assertThat(visit.key()).contains(FieldPath.parse("car.id"));
        assertThat(visit.timeBounds().past()).isEqualTo(Duration.ofDays(30));
        assertThat(visit.timeBounds().future()).isEqualTo(Duration.ofDays(1));
        assertThat(visit.lake().partitioning()).isEqualTo(TimePartitioning.DAY);
        assertThat(visit.log().retention()).isEmpty();
        assertThat(visit.fields().stream().map(field -> field.type().getClass().getSimpleName()))
                .containsExactly(
                        "Int",
                        "Timestamp",
                        "Date",
                        "Time",
                        "Timestamp",
                        "Decimal",
                        "Real",
                        "Bool",
                        "Struct",
                        "Text",
                        "Array",
                        "Array");
        FieldType.Struct car = (FieldType.Struct) visit.fields().get(8).type();
        assertThat(car.fields().getLast().formerName()).contains("type");
    }

    @Test
    void everyProblemIsReportedAtOnceWithLineFieldAndRemedy() {
        List<String> complaints =
                complaints(
                        """
                        apiVersion: v2.2.0
                        kind: DataContract
                        vesion: 1.0.0
                        id: Thing
                        status: live
                        schema:
                          - name: thing
                            properties:
                              - name: a
                                logicalType: strng
                              - name: b
                                logicalType: string
                                requierd: true
                                logicalTypeOptions: {minLength: 5, maxLength: 2, minimum: 3}
                              - name: B
                                logicalType: integer
                                logicalTypeOptions: {minimum: 1.5}
                              - logicalType: object
                              - name: t
                                logicalType: timestamp
                                logicalTypeOptions: {format: "yyyy-MM-dd HH:mm"}
                              - name: p
                                logicalType: string
                                logicalTypeOptions: {pattern: "(?<=a)b"}
                        customProperties:
                          - property: leat.kye
                            value: a
                          - property: leat.dedupeWindow
                            value: soon
                        """);

        assertThat(complaints)
                .anyMatch(c -> c.startsWith("c.odcs.yaml:1: apiVersion: is 'v2.2.0', only ODCS v3"))
                .contains(
                        "c.odcs.yaml:3: vesion: unknown key. Write 'version' if that was meant.",
                        "c.odcs.yaml:1: version: is missing. Write e.g. 1.0.0.")
                .anyMatch(c -> c.startsWith("c.odcs.yaml:4: id: contract name 'Thing'"))
                .anyMatch(c -> c.startsWith("c.odcs.yaml:5: status: is 'live', use proposed"))
                .contains(
                        "c.odcs.yaml:10: schema[0].properties[0].logicalType: unknown type 'strng'."
                                + " Write 'string' if that was meant.",
                        "c.odcs.yaml:13: schema[0].properties[1].requierd: unknown key."
                                + " Write 'required' if that was meant.")
                .anyMatch(c -> c.startsWith("c.odcs.yaml:14: ") && c.contains("no value lies in"))
                .anyMatch(c -> c.startsWith("c.odcs.yaml:14: ") && c.contains("unknown key"))
                .anyMatch(c -> c.startsWith("c.odcs.yaml:17: ") && c.contains("'1.5' is not a 64"))
                .anyMatch(c -> c.startsWith("c.odcs.yaml:18: ") && c.contains("name: is missing"))
                .anyMatch(c -> c.startsWith("c.odcs.yaml:21: ") && c.contains("defaultTimezone"))
                .anyMatch(c -> c.startsWith("c.odcs.yaml:24: ") && c.contains("pattern"))
                .anyMatch(c -> c.contains("'leat.kye'. Write 'leat.key'"))
                .anyMatch(c -> c.contains("'soon' is not a duration"));
    }

    @Test
    void namesThatDifferOnlyInCaseAndOurOwnPrefixAreRefused() {
        List<String> complaints =
                complaints(
                        contract(
                                """
                                - {name: a, logicalType: string}
                                - {name: A, logicalType: string}
                                - {name: leat_id, logicalType: string}
                                """,
                                ""));

        assertThat(complaints).hasSize(2);
        assertThat(complaints.get(0)).contains("'A' is also the name in line 9");
        assertThat(complaints.get(1)).contains("leat_ belong to Leat");
    }

    @Test
    void keysThatHaveNoSingleTextAndMissingOnesAreRefused() {
        List<String> complaints =
                complaints(
                        contract(
                                """
                                - {name: a, logicalType: number, primaryKey: true}
                                - {name: b, logicalType: string}
                                """,
                                """
                                - {property: leat.key, value: a}
                                - {property: leat.time, value: b}
                                """));

        assertThat(complaints).hasSize(2).allMatch(c -> c.contains("primaryKey"));
        assertThat(
                        complaints(
                                contract(
                                        "- {name: b, logicalType: string}",
                                        """
                                        - {property: leat.key, value: c.d}
                                        - {property: leat.time, value: b}
                                        - {property: leat.lake, value: {sortBy: [x]}}
                                        - {property: leat.enrich, value: [{field: z, constant: 1}]}
                                        """)))
                .anyMatch(c -> c.contains("there is no field 'c.d'"))
                .anyMatch(c -> c.contains("'b' is not a timestamp"))
                .anyMatch(c -> c.contains("'x' is not a top-level field"))
                .anyMatch(c -> c.contains("there is no field 'z'"));
    }

    @Test
    void aConstantMustBeOfItsFieldsType() {
        assertThat(
                        complaints(
                                contract(
                                        """
                                        - name: n
                                          logicalType: integer
                                          logicalTypeOptions: {maximum: 3}
                                        """,
                                        """
                                        - property: leat.enrich
                                          value: [{field: n, constant: 4}]
                                        """)))
                .singleElement()
                .asString()
                .contains("4 is outside");
    }

    @Test
    void tooManyFieldsAreRefused() {
        StringBuilder fields = new StringBuilder();
        for (int i = 0; i <= 1000; i++) {
            fields.append("- {name: f").append(i).append(", logicalType: string}\n");
        }

        assertThat(complaints(contract(fields.toString(), "")))
                .singleElement()
                .asString()
                .contains("more than 1000 fields");
    }

    @Test
    void twoContractsOfOneTableAreRefused(@TempDir Path folder) throws IOException {
        String one = contract("- {name: a, logicalType: string}", "");
        Files.writeString(folder.resolve("a.odcs.yaml"), one);
        Files.writeString(
                folder.resolve("b.odcs.yaml"), one.replace("id: thing", "id: thing-v1-dead"));
        Files.writeString(folder.resolve("c.odcs.yaml"), one);
        Files.writeString(folder.resolve("d.odcs.yaml"), one.replace("1.0.0", "2.0.0"));
        Files.writeString(folder.resolve("ignored.yaml"), "no contract");

        List<Problem> problems = OdcsReader.readFolder(folder).faults();

        assertThat(problems).hasSize(2);
        assertThat(problems.get(0).toString()).contains("b.odcs.yaml").contains("thing_v1_dead");
        assertThat(problems.get(1).toString()).contains("c.odcs.yaml").contains("thing_v1 belongs");
    }
}
