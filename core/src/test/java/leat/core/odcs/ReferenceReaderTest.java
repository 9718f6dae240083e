package leat.core.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract.Reference;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;

final class ReferenceReaderTest {

    private static final String KEY = "- {property: leat.key, value: car}\n";
    private static final String REFERENCE = "- {property: leat.reference, value: true}\n";
    private static final String CAR = "- {name: car, logicalType: string, required: true}\n";

    private static String contract(String properties, String custom) {
        return """
        apiVersion: v3.1.0
        kind: DataContract
        id: cars
        version: 1.0.0
        status: active
        schema:
          - name: car
            properties:
        """
                + properties.indent(6)
                + "customProperties:\n"
                + custom.indent(2);
    }

    private static List<String> complaints(String properties, String custom) {
        return OdcsReader.read(Path.of("c.odcs.yaml"), contract(properties, custom))
                .faults()
                .stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void aContractIsReferenceDataOnlyWhenItSaysSo() {
        assertThat(
                        OdcsReader.read(Path.of("c"), contract(CAR, KEY + REFERENCE))
                                .orThrow()
                                .reference())
                .contains(new Reference(Optional.empty()));
        assertThat(OdcsReader.read(Path.of("c"), contract(CAR, KEY)).orThrow().reference())
                .isEmpty();
    }

    @Test
    void theFieldThatEndsARowIsABooleanOfTheContract() {
        String deleted = "- {property: leat.deletedField, value: gone}\n";
        String gone = "- {name: gone, logicalType: boolean}\n";

        assertThat(
                        OdcsReader.read(
                                        Path.of("c"),
                                        contract(CAR + gone, KEY + REFERENCE + deleted))
                                .orThrow()
                                .reference())
                .contains(new Reference(Optional.of("gone")));
        assertThat(complaints(CAR, KEY + REFERENCE + deleted))
                .singleElement()
                .asString()
                .contains("leat.deletedField", "there is no field 'gone'");
        assertThat(
                        complaints(
                                CAR + "- {name: gone, logicalType: string}\n",
                                KEY + REFERENCE + deleted))
                .singleElement()
                .asString()
                .contains("'gone' is no boolean");
        assertThat(complaints(CAR + gone, KEY + deleted))
                .singleElement()
                .asString()
                .contains("only rows of reference data are deleted", "Set leat.reference to true");
    }

    @Test
    void everyRowNeedsAKey() {
        assertThat(complaints(CAR, REFERENCE))
                .singleElement()
                .asString()
                .contains("leat.reference", "needs leat.key");
        assertThat(complaints("- {name: car, logicalType: string}\n", KEY + REFERENCE))
                .singleElement()
                .asString()
                .contains("its key 'car' may be absent", "required: true");
        String nested =
                """
                - name: car
                  logicalType: object
                  properties:
                    - {name: id, logicalType: string, required: true}
                """;
        assertThat(complaints(nested, "- {property: leat.key, value: car.id}\n" + REFERENCE))
                .singleElement()
                .asString()
                .contains("its key 'car.id' may be absent");
    }

    @Test
    void aChangedRowMustNotLookLikeADuplicate() {
        String identified =
                "- {name: car, logicalType: string, required: true, primaryKey: true}\n";

        assertThat(complaints(identified, KEY + REFERENCE))
                .singleElement()
                .asString()
                .contains("dropped as a duplicate", "Add the time of the change");
        assertThat(complaints(identified, KEY)).isEmpty();
    }
}
