package leat.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.alert.Alert;
import leat.core.monitor.ModelJudging.Changed;
import leat.core.monitor.SimulatedFleet.Fault;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Days of simulated cars, with the limits that hold where nothing is written: event time passes,
/// and no clock.
final class SimulatedDayTest {

    private static final Duration WINDOW = Duration.ofHours(1);
    private static final long MIDNIGHT = Instant.parse("2026-03-02T00:00:00Z").toEpochMilli();
    private static final int DAY = 24;

    private final Monitoring monitoring = Monitoring.DEFAULT;
    private final List<Changed> changes = new ArrayList<>();
    private int failed;
    private int judged;
    private SimulatedFleet fleet = new SimulatedFleet(0);
    private Optional<Profile> features = Optional.empty();
    private Optional<Profile> scores = Optional.empty();
    private MonitoringState state = MonitoringState.begin(MIDNIGHT);

    /// A model learns from one day.
    private void train(long seed) {
        fleet = new SimulatedFleet(seed);
        ProfileSketch seen = new ProfileSketch(SimulatedFleet.FEATURES);
        ProfileSketch said = new ProfileSketch(SimulatedFleet.SCORES);
        fleet.drive(
                MIDNIGHT - WINDOW.multipliedBy(DAY).toMillis(),
                WINDOW.multipliedBy(DAY),
                (row, number) -> {
                    seen.add(number, row.features());
                    said.add(number, row.scores());
                });
        features = Optional.of(seen.profile());
        scores = Optional.of(said.profile());
    }

    private void hours(int count) {
        for (int hour = 0; hour < count; hour++) {
            window();
        }
    }

    private void window() {
        long start = state.closedThroughMillis();
        ProfileTally seen = new ProfileTally(features.orElseThrow());
        ProfileTally said = new ProfileTally(scores.orElseThrow());
        long[] rows = {0};
        fleet.drive(
                start,
                WINDOW,
                (row, _) -> {
                    seen.add(row.features());
                    said.add(row.scores());
                    rows[0]++;
                });
        long end = start + WINDOW.toMillis();
        SeenWindow.Version version =
                new SeenWindow.Version(
                        "risk/1",
                        true,
                        rows[0],
                        0,
                        new Recomputed(100, 0, "", 0),
                        new SeenWindow.Delays(0.1, 1),
                        OptionalLong.of(MIDNIGHT),
                        new SeenWindow.Cost(rows[0], 1, OptionalLong.of(1_000)),
                        new SeenWindow.Sight(features, seen.profile()),
                        new SeenWindow.Sight(scores, said.profile()));
        ModelJudging.Judged outcome =
                ModelJudging.judge(
                        monitoring,
                        state,
                        new SeenWindow(
                                start,
                                end,
                                rows[0],
                                OptionalLong.of(end - 1),
                                List.of(version),
                                Optional.empty()));
        state = outcome.after();
        changes.addAll(outcome.changes());
        for (ModelJudging.Finding finding : outcome.findings()) {
            switch (finding.verdict().judgement()) {
                case FAILED -> failed++;
                case PASSED -> judged++;
                case NOT_JUDGED -> {}
            }
        }
    }

    private List<String> alerts() {
        return changes.stream()
                .map(change -> change.rule().id() + " " + change.alert().status().word())
                .toList();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aQuietDayRaisesNoAlert(long seed) {
        train(seed);

        hours(DAY);

        assertThat(alerts()).isEmpty();
        assertThat(failed).isZero();
        assertThat(judged).as("five rules in each hour").isEqualTo(5 * DAY);
    }

    @ParameterizedTest
    @CsvSource({
        "VOLTAGE_OFF,      feature-drift,  voltage",
        "VOLTAGE_OFF,      score-drift,    risk",
        "PRESSURE_MISSING, missing-values, oil_pressure",
        "SPEED_IN_MILES,   feature-drift,  speed"
    })
    void driftThatIsPutInRaisesItsAlertWithinTwoWindowsAtAnyHour(
            Fault fault, String rule, String named) {
        for (int hour : new int[] {2, 8, 13}) {
            changes.clear();
            state = MonitoringState.begin(MIDNIGHT);
            train(hour);
            hours(hour);
            assertThat(alerts()).isEmpty();

            fleet.becomes(fault);
            hours(2);

            Changed alert =
                    changes.stream()
                            .filter(one -> one.rule().id().equals(rule))
                            .findFirst()
                            .orElseThrow(() -> new AssertionError(rule + " from " + hour));
            assertThat(alert.alert().status()).isEqualTo(Alert.Status.FIRING);
            assertThat(alert.verdict().note()).contains(named + ": ");

            fleet.becomes(Fault.NONE);
            hours(1);
            assertThat(alerts()).contains(rule + " resolved");
        }
    }

    @Test
    void anAlertStandsAsLongAsTheDriftAndIsRaisedOnce() {
        train(1);
        hours(6);
        fleet.becomes(Fault.SPEED_IN_MILES);
        hours(6);
        fleet.becomes(Fault.NONE);
        hours(6);

        assertThat(alerts().stream().filter(one -> one.startsWith("feature-drift")))
                .containsExactly("feature-drift firing", "feature-drift resolved");
    }
}
