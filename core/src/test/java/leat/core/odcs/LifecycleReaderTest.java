package leat.core.odcs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import leat.core.contract.Contract;
import leat.core.contract.Lifecycle;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LifecycleReaderTest {

    @Test
    void aContractWithoutDatesHasItsStatusAlone() {
        assertThat(read("active", "").orThrow().lifecycle()).isEqualTo(Lifecycle.ACTIVE);
    }

    @Test
    void theDatesOfADeprecatedContractAreRead() {
        Lifecycle lifecycle =
                read("deprecated", "{since: 2026-12-01, until: 2027-06-01, successor: car.v2}")
                        .orThrow()
                        .lifecycle();

        assertThat(lifecycle).hasToString("deprecated until 2027-06-01, use car.v2");
        assertThat(lifecycle.since()).map(Object::toString).hasValue("2026-12-01");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    active | {since: 2026-12-01} | the contract's status is active
                    deprecated | {until: 2026-12-01} | is missing
                    deprecated | {since: 2026-12-01, until: 2026-12-01} | is not after since
                    deprecated | {since: soon} | is not a day
                    deprecated | {since: 2026-12-01, successor: Car 2} | is not a contract's name
                    deprecated | {since: 2026-12-01, untill: 2027-06-01} | unknown key
                    """)
    void whatIsWrongIsSaid(String status, String dates, String message) {
        assertThat(read(status, dates).faults())
                .singleElement()
                .extracting(Problem::message)
                .asString()
                .contains(message);
    }

    private static Checked<Contract> read(String status, String dates) {
        return OdcsReader.read(
                Path.of("car.odcs.yaml"),
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: car
                version: 1.0.0
                status: %s
                schema:
                  - name: car
                    properties:
                      - {name: speed, logicalType: integer}
                customProperties: [%s]
                """
                        .formatted(
                                status,
                                dates.isEmpty()
                                        ? ""
                                        : "{property: leat.deprecation, value: " + dates + "}"));
    }
}
