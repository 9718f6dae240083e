package leat.core.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuccessionTest {

    private static final String CAR = "{name: car, logicalType: string, required: true}";
    private static final String SPEED =
            "{name: speed, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 200}}";

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {name: speed, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 200}} | FULL
                    {name: speed, logicalType: integer, logicalTypeOptions: {exclusiveMinimum: -1, maximum: 200}} | FULL
                    {name: speed, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 300}} | BACKWARD
                    {name: speed, logicalType: integer, logicalTypeOptions: {minimum: 0}} | BACKWARD
                    {name: speed, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 100}} | FORWARD
                    {name: speed, logicalType: integer, logicalTypeOptions: {minimum: 5, maximum: 300}} | BREAKING
                    {name: speed, logicalType: integer, required: true, logicalTypeOptions: {minimum: 0, maximum: 200}} | FORWARD
                    {name: speed, logicalType: number, logicalTypeOptions: {minimum: 0, maximum: 200}} | BREAKING
                    {name: velocity, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 200}, customProperties: [{property: leat.renamedFrom, value: speed}]} | BACKWARD
                    {name: velocity, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 200}} | FORWARD
                    """)
    void aChangeOfOneFieldHasItsClass(String field, Compatibility expected) {
        Contract earlier = contract("1.0.0", CAR, SPEED);

        Comparison comparison = Comparison.of(earlier, contract("1.1.0", CAR, field));

        assertThat(comparison.compatibility()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} to {1} is {2}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {logicalType: string, logicalTypeOptions: {pattern: '^a'}} | {logicalType: string, logicalTypeOptions: {pattern: '^b'}} | BREAKING
                    {logicalType: string, logicalTypeOptions: {pattern: '^a'}} | {logicalType: string} | BACKWARD
                    {logicalType: string, customProperties: [{property: leat.enum, value: [a, b]}]} | {logicalType: string, customProperties: [{property: leat.enum, value: [a, b, c]}]} | BACKWARD
                    {logicalType: string, customProperties: [{property: leat.enum, value: [a, b]}]} | {logicalType: string, logicalTypeOptions: {pattern: '^[ab]$'}} | BACKWARD
                    {logicalType: integer, logicalTypeOptions: {multipleOf: 6}} | {logicalType: integer, logicalTypeOptions: {multipleOf: 3}} | BACKWARD
                    {logicalType: integer, logicalTypeOptions: {multipleOf: 6}} | {logicalType: integer, logicalTypeOptions: {multipleOf: 4}} | BREAKING
                    {logicalType: number, physicalType: 'decimal(5,2)'} | {logicalType: number, physicalType: 'decimal(7,2)'} | BACKWARD
                    {logicalType: number, physicalType: 'decimal(5,2)'} | {logicalType: number, physicalType: 'decimal(7,3)'} | BREAKING
                    {logicalType: timestamp} | {logicalType: timestamp, logicalTypeOptions: {defaultTimezone: UTC}} | BACKWARD
                    {logicalType: timestamp, logicalTypeOptions: {defaultTimezone: Europe/Berlin}} | {logicalType: timestamp, logicalTypeOptions: {defaultTimezone: UTC}} | BREAKING
                    {logicalType: timestamp, logicalTypeOptions: {format: epoch-seconds}} | {logicalType: timestamp, logicalTypeOptions: {format: epoch-millis}} | BREAKING
                    {logicalType: array, items: {logicalType: string}} | {logicalType: array, logicalTypeOptions: {maxItems: 3}, items: {logicalType: string}} | FORWARD
                    {logicalType: boolean} | {logicalType: string} | BREAKING
                    """)
    void aChangeOfATypeHasItsClass(String before, String after, Compatibility expected) {
        Contract earlier = contract("1.0.0", "{name: x, " + before.substring(1));

        Comparison comparison =
                Comparison.of(earlier, contract("1.1.0", "{name: x, " + after.substring(1)));

        assertThat(comparison.compatibility()).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}: {1} became {2} is {3}")
    @CsvSource({
        "leat.key, car, speed, BREAKING",
        "leat.partitions, 4, 8, BREAKING",
        "leat.lake, '{partitionBy: day}', '{partitionBy: hour}', BREAKING",
        "leat.unknownFields, drop, reject, FORWARD",
        "leat.unknownFields, reject, keep, FULL",
        "leat.timeBounds, '{past: 10d}', '{past: 20d}', BACKWARD",
        "leat.timeBounds, '{past: 10d}', '{past: 5d}', FORWARD",
        "leat.dedupeWindow, 1h, 2h, FULL"
    })
    void aChangeOfAPropertyOfTheContractHasItsClass(
            String property, String before, String after, Compatibility expected) {
        Contract earlier = with(property, before);
        Contract later = with(property, after);

        Comparison comparison = Comparison.of(earlier, later);

        assertThat(comparison.changes())
                .singleElement()
                .extracting(Change::where)
                .isEqualTo(property);
        assertThat(comparison.compatibility()).isEqualTo(expected);
    }

    @Test
    void aBreakingChangeIsRefusedWithinAMajorVersionAndSaysWhatToDo() {
        Contract earlier = contract("1.4.0", CAR, SPEED);

        Optional<Succession.Objection> objection =
                Succession.of(earlier, contract("1.5.0", CAR)).objection();

        assertThat(objection)
                .hasValueSatisfying(o -> {
                    assertThat(o.message()).contains("speed: is no longer there");
                    assertThat(o.remedy())
                            .contains(
                                    "2.0.0",
                                    "keep the file of 1.4.0",
                                    "keep it as an optional field");
                });
        assertThat(Succession.of(earlier, contract("2.0.0", CAR)).objection()).isEmpty();
    }

    @ParameterizedTest(name = "1.1.1 to {0} with {1} more fields")
    @CsvSource({
        "1.1.1, 0, ''",
        "1.1.2, 0, ''",
        "1.1.0, 0, is lower than 1.1.1",
        "1.1.1, 1, with another meaning",
        "1.1.2, 1, ''",
        "1.1.2, 2, a patch may not change",
        "1.2.0, 2, ''",
        "0.9.0, 0, is lower than 1.1.1"
    })
    void theVersionNumberHasToSayWhatTheChangesAre(String version, int more, String message) {
        Contract earlier = contract("1.1.1", CAR, SPEED);
        Contract later =
                switch (more) {
                    case 0 -> contract(version, CAR, SPEED);
                    case 1 -> contract(version, CAR, SPEED, "{name: tyre, logicalType: integer}");
                    default -> contract(version, CAR, "{name: speed, logicalType: integer}");
                };

        Optional<Succession.Objection> objection = Succession.of(earlier, later).objection();

        assertThat(objection.map(Succession.Objection::message).orElse("")).contains(message);
        assertThat(objection.isPresent()).isEqualTo(!message.isEmpty());
    }

    @Test
    void descriptionsAndTheOrderOfFieldsAreNoChange() {
        Contract earlier = contract("1.0.0", CAR, SPEED);
        Contract later =
                contract("1.0.0", SPEED, CAR.replace("{name", "{description: the car, name"));

        assertThat(Succession.of(earlier, later).unchanged()).isTrue();
    }

    @Test
    void keptFieldsOfNoNameMakeANewFieldUnsafe() {
        String open = "{property: leat.unknownFields, value: keep}";
        Contract earlier = read("1.0.0", "[" + open + "]", CAR);
        Contract later = read("1.1.0", "[" + open + "]", CAR, SPEED);

        Comparison comparison = Comparison.of(earlier, later);

        assertThat(comparison.compatibility()).isEqualTo(Compatibility.FORWARD);
    }

    private static Contract with(String property, String value) {
        return read(
                "1.0.0",
                "[{property: " + property + ", value: " + value + "}]",
                CAR,
                "{name: speed, logicalType: integer}");
    }

    private static Contract contract(String version, String... fields) {
        return read(version, "[]", fields);
    }

    private static Contract read(String version, String properties, String... fields) {
        return OdcsReader.read(
                        Path.of("car.odcs.yaml"),
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: car
                        version: %s
                        status: active
                        schema:
                          - name: car
                            properties: [%s]
                        customProperties: %s
                        """
                                .formatted(version, String.join(", ", fields), properties))
                .orThrow();
    }
}
