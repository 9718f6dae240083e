package leat.examples.connectedcar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import leat.core.contract.Contracts;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.validate.Validator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the fleet sends keeps the contracts of its workspace.
class FleetContractTest {

    private static final int EVENTS = 50_000;

    /// At 100 a second every car sends once in 5 s, at 5000 ten times a second.
    @ParameterizedTest
    @ValueSource(doubles = {100, 5000})
    void everyEventKeepsItsContract(double eventsPerSecond) {
        // Given
        Contracts contracts = OdcsReader.readFolder(Path.of("contracts")).orThrow();
        Map<String, Validator> validators = new HashMap<>();
        contracts.all().forEach(c -> validators.put(c.name().value(), Validator.forRaw(c)));
        Plan plan = new Plan(3, 500, eventsPerSecond, Instant.parse("2026-01-15T08:00:00Z"));
        Feed feed = EventGenerator.named("connected-car").open(plan, Slice.WHOLE);
        Map<String, Integer> counts = new HashMap<>();
        List<Reason> reasons = new ArrayList<>();

        // When
        for (int event = 0; event < EVENTS; event++) {
            feed.next((name, buffer, length) -> {
                Validator validator =
                        Objects.requireNonNull(validators.get(name.value()), name.value());
                switch (validator.validate(buffer, 0, length)) {
                    case Outcome.Valid ignored -> counts.merge(name.value(), 1, Integer::sum);
                    case Outcome.Rejected rejected -> reasons.addAll(rejected.reasons());
                }
            });
        }

        // Then
        assertThat(reasons).isEmpty();
        assertThat(counts).containsEntry("car-telemetry", EVENTS);
    }
}
