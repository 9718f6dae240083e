package leat.examples.connectedcar;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.quality.RuleTest;
import leat.core.quality.Seen;
import leat.core.quality.Tally;
import leat.core.validate.Validator;
import org.junit.jupiter.api.Test;
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

    /// A minute is a window of the rules; no alert goes off because of the simulation.
    @Test
    void everyMinuteKeepsTheRulesOfQuality() {
        // Given
        Contract telemetry =
                OdcsReader.read(Path.of("contracts/car-telemetry.odcs.yaml")).orThrow();
        Validator validator = Validator.forRaw(telemetry);
        List<RuleTest> rules = RuleTest.of(telemetry);
        Plan plan = new Plan(3, 500, 1000, Instant.parse("2026-01-15T08:00:00Z"));
        Feed feed = EventGenerator.named("connected-car").open(plan, Slice.WHOLE);
        List<String> broken = new ArrayList<>();
        int windows = 10;

        // When
        for (int minute = 0; minute < windows; minute++) {
            Map<RuleTest, Tally.Builder> tallies = new LinkedHashMap<>();
            rules.forEach(rule -> tallies.put(rule, new Tally.Builder()));
            for (int event = 0; event < 60_000; event++) {
                feed.next((name, buffer, length) -> {
                    if (name.equals(telemetry.name())
                            && validator.validate(buffer, 0, length)
                                    instanceof Outcome.Valid valid) {
                        Seen seen = new Seen(valid.row(), false, 0, 0);
                        tallies.forEach((rule, tally) -> rule.add(seen, tally));
                    }
                });
            }
            tallies.forEach((rule, tally) -> {
                Tally sum = tally.build();
                double percent = 100.0 * sum.hits() / sum.rows();
                if (!rule.rule().expectation().holds(percent)) {
                    broken.add(rule.rule().id() + ": " + percent);
                }
            });
        }

        // Then
        assertThat(rules).hasSize(4);
        assertThat(broken).isEmpty();
    }
}
