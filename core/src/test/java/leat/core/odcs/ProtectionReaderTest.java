package leat.core.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.FieldPath;
import leat.core.contract.Protection;
import leat.core.contract.Protection.Action;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtectionReaderTest {

    private static final Path FILE = Path.of("c.odcs.yaml");
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
                  - {name: id, logicalType: string, required: true, primaryKey: true, classification: low}
                  - {name: at, logicalType: timestamp, classification: high}
                  - {name: mail, logicalType: string, classification: high}
                  - {name: age, logicalType: integer}
                  - {name: region, logicalType: string, classification: low}
                  - name: who
                    logicalType: object
                    properties:
                      - {name: key, logicalType: string}
                      - {name: name, logicalType: string, classification: secret}
                      - {name: phones, logicalType: array, items: {logicalType: string, classification: phone}}
                  - name: lines
                    logicalType: array
                    items:
                      logicalType: object
                      properties:
                        - {name: text, logicalType: string, classification: secret}
            customProperties:
              - {property: leat.key, value: who.key}
              - {property: leat.time, value: at}
              - property: leat.enrich
                value:
                  - {field: region, constant: eu}
            """;

    private static List<String> complaints(String entries) {
        return OdcsReader.read(FILE, HEAD + entries.indent(6)).faults().stream()
                .map(Problem::toString)
                .toList();
    }

    private static List<Protection> protections(String entries) {
        Contract contract = OdcsReader.read(FILE, HEAD + entries.indent(6)).orThrow();
        return contract.protections();
    }

    private static Protection protection(String path, Action action) {
        return new Protection(FieldPath.parse(path), action);
    }

    @Test
    void aClassificationMeansEveryFieldThatHasItAndAFieldsNameGoesBeforeIt() {
        List<Protection> read =
                protections(
                        """
                        - {protect: {field: who.name}, action: mask, keep: {first: 1, last: 2}}
                        - {protect: {classification: secret}, action: hash}
                        - {protect: {classification: phone}, action: drop}
                        - {protect: {field: who.key}, action: hash}
                        - {protect: {field: region}, action: mask}
                        """);

        assertThat(read)
                .containsExactly(
                        protection("region", new Action.Mask(0, 0)),
                        protection("who.key", new Action.Hash()),
                        protection("who.name", new Action.Mask(1, 2)),
                        protection("who.phones", new Action.Drop()),
                        protection("lines.text", new Action.Hash()));
    }

    @Test
    void nothingIsLeftToDoWithinWhatIsDropped() {
        List<Protection> read =
                protections(
                        """
                        - {protect: {classification: secret}, action: hash}
                        - {protect: {field: lines}, action: drop}
                        """);

        assertThat(read)
                .containsExactly(
                        protection("who.name", new Action.Hash()),
                        protection("lines", new Action.Drop()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "- {protect: {classification: secrt}, action: hash} | no field has the"
                        + " classification 'secrt' | write 'secret'",
                "- {protect: {field: who.nam}, action: hash} | there is no field 'who.nam' | write"
                        + " 'who.name'",
                "- {protect: {}, action: hash} | names nothing | write {field:",
                "- {protect: {field: mail, classification: high}, action: hash} | names both |"
                        + " write {field:",
                "- {protect: mail, action: hash} | where keys are expected | ~~",
                "- {protect: {fild: mail}, action: hash} | unknown key | 'field'",
                "- {protect: {field: mail}} | is missing | write hash, mask or drop",
                "- {protect: {field: mail}, action: hide} | is 'hide', use hash, mask or drop | ~~",
                "- {protect: {field: mail}, action: hash, keep: {last: 1}} | belongs to action:"
                        + " mask | remove it",
                "- {protect: {field: mail}, action: mask, keep: {first: 5, last: 4}} | keeps 9"
                        + " characters | at most 8",
                "- {protect: {field: mail}, action: mask, keep: {first: 9}} | not a whole number"
                        + " from 0 to 8 | ~~",
                "- {protect: {field: mail}, action: mask, keep: {middle: 1}} | unknown key | ~~",
                "- {protect: {field: mail}, action: hash, onFailure: skip} | unknown key | ~~",
                "- {protect: {field: age}, action: hash} | 'age' is no string | drop it",
                "- {protect: {field: who.phones}, action: mask} | 'who.phones' is no string | drop",
                "- {protect: {field: who}, action: hash} | 'who' is no string | name the strings",
                "- {protect: {classification: low}, action: hash} | 'id' is part of the event's id |"
                        + " take primaryKey from it",
                "- {protect: {classification: high}, action: drop} | 'at' is or holds the event's"
                        + " time | protect other fields",
                "- {protect: {field: who.key}, action: mask} | 'who.key' is or holds the Kafka key"
                        + " | hash it",
                "- {protect: {field: who}, action: drop} | 'who' is or holds the Kafka key | hash",
            })
    void whatCannotBeDoneIsAProblemWithItsRemedy(String entry, String message, String remedy) {
        assertThat(complaints(entry))
                .anySatisfy(problem ->
                        assertThat(problem)
                                .startsWith("c.odcs.yaml:")
                                .contains("leat.enrich[1]")
                                .contains(message)
                                .containsIgnoringCase(remedy));
    }

    @Test
    void aFieldHasOneProtection() {
        assertThat(
                        complaints(
                                """
                                - {protect: {field: mail}, action: hash}
                                - {protect: {field: mail}, action: drop}
                                - {protect: {classification: secret}, action: hash}
                                - {protect: {classification: secret}, action: mask}
                                - {protect: {field: lines}, action: drop}
                                - {protect: {field: lines.text}, action: mask}
                                """))
                .hasSize(4)
                .anyMatch(problem -> problem.contains("'mail' is protected twice"))
                .anyMatch(problem -> problem.contains("'who.name' is protected twice"))
                .anyMatch(problem -> problem.contains("'lines.text' is protected twice"))
                .anyMatch(problem -> problem.contains("'lines.text' is dropped with 'lines'"));
    }

    @Test
    void aStepBehindAProtectionIsAProblem() {
        assertThat(
                        complaints(
                                """
                                - {protect: {field: mail}, action: hash}
                                - {field: age, expression: "size(event.mail)"}
                                """))
                .singleElement()
                .asString()
                .contains("leat.enrich[2]", "stands behind an entry that protects", "Move it");
    }

    @Test
    void aListAndItsItemsHaveOneClassification() {
        String two =
                HEAD.replace(
                        "logicalType: array, items",
                        "classification: x, logicalType: array, items");

        assertThat(OdcsReader.read(FILE, two).faults().stream().map(Problem::toString))
                .singleElement()
                .asString()
                .contains("is 'x', that of the items 'phone'", "Leave one of the two out");
    }
}
