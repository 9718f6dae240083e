package leat.stream.collector.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Instant;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.stream.collector.http.HttpProblem.RefusedRequest;
import org.junit.jupiter.api.Test;

class DeprecationTest {

    private static final String DATES =
            "{since: 2026-12-01, until: 2027-06-01, successor: car-telemetry.v2}";
    private static final Instant LAST = Instant.parse("2027-05-31T23:59:59Z");
    private static final Instant END = Instant.parse("2027-06-01T00:00:00Z");

    @Test
    void aContractThatGoesOnTellsNothing() {
        assertThat(Deprecation.headers(contract("active", "")).isEmpty()).isTrue();
    }

    @Test
    void theHeadersHaveTheFormsOfTheirRfcs() {
        assertThat(Deprecation.headers(contract("deprecated", DATES)))
                .isEqualTo(
                        """
                        deprecation: @1796083200\r
                        sunset: Tue, 01 Jun 2027 00:00:00 GMT\r
                        link: </v1/events/car-telemetry.v2>; rel="successor-version"\r
                        """);
    }

    @Test
    void eventsAreTakenUntilTheDayBegins() {
        Contract contract = contract("deprecated", DATES);

        assertThatCode(() -> Deprecation.refuseEnded(contract, LAST)).doesNotThrowAnyException();
        assertThatThrownBy(() -> Deprecation.refuseEnded(contract, END))
                .isInstanceOfSatisfying(
                        RefusedRequest.class,
                        refused -> {
                            assertThat(refused.problem().status()).isEqualTo(410);
                            assertThat(refused.problem().message())
                                    .isEqualTo(
                                            "the contract car-telemetry.v1 has taken no events"
                                                    + " since 2027-06-01");
                            assertThat(refused.problem().remedy())
                                    .isEqualTo("send to /v1/events/car-telemetry.v2");
                            assertThat(Answer.isKnown(410)).isTrue();
                        });
    }

    @Test
    void aRetiredContractTakesNothing() {
        Contract contract = contract("retired", "");

        assertThatThrownBy(() -> Deprecation.refuseEnded(contract, LAST))
                .hasMessageContaining("car-telemetry.v1 is retired");
    }

    private static Contract contract(String status, String dates) {
        return OdcsReader.read(
                        Path.of("car.odcs.yaml"),
                        """
                        apiVersion: v3.1.0
                        kind: DataContract
                        id: car-telemetry
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
                                                : "{property: leat.deprecation, value: "
                                                        + dates
                                                        + "}"))
                .orThrow();
    }
}
