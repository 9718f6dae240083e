package leat.core.evolution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtectionChangesTest {

    private static Contract contract(String protection) {
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
                              - {name: must, logicalType: string, required: true}
                              - {name: may, logicalType: string}
                        """
                                + (protection.isBlank()
                                        ? ""
                                        : "customProperties:\n  - property: leat.enrich\n    value:\n"
                                                + "      - {protect: {field: "
                                                + protection.replace(" ", "}, action: ")
                                                + "}\n"))
                .orThrow();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "'', must hash, FULL, unprotected became hashed",
                "must hash, must mask, FULL, 'hashed became masked (first 0, last 0 kept)'",
                "must mask, must drop, BACKWARD, 'masked (first 0, last 0 kept) became dropped'",
                "'', may drop, FULL, unprotected became dropped",
                "must drop, '', FORWARD, dropped became unprotected",
                "may drop, may hash, FULL, dropped became hashed"
            })
    void whoMissesAFieldThatIsCutOutIsTold(
            String before, String after, Compatibility compatibility, String what) {
        List<Change> changes = Comparison.of(contract(before), contract(after)).changes();

        assertThat(changes).hasSize(1);
        assertThat(changes.getFirst().what()).startsWith(what);
        assertThat(changes.getFirst().compatibility()).isEqualTo(compatibility);
    }

    @ParameterizedTest
    @CsvSource({"''", "must hash", "may drop"})
    void theSameProtectionIsNoChange(String protection) {
        assertThat(Comparison.of(contract(protection), contract(protection)).changes()).isEmpty();
    }
}
