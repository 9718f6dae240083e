package leat.core.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.quality.Verdict.Judgement;
import org.junit.jupiter.api.Test;

final class CostJudgingTest {

    private static final long HOUR = 3_600_000;

    private MonitoringState state = MonitoringState.begin(0);
    private final List<ModelJudging.Changed> changes = new ArrayList<>();
    private List<ModelJudging.Finding> findings = List.of();

    /// A version in a window.
    private static SeenWindow.Version version(
            String name, boolean answers, long rows, double millisARow, long bytes) {
        SeenWindow.Sight none =
                new SeenWindow.Sight(Optional.empty(), new Profile(new LinkedHashMap<>()));
        return new SeenWindow.Version(
                name,
                answers,
                rows,
                0,
                Recomputed.NONE,
                new SeenWindow.Delays(1, 1),
                OptionalLong.empty(),
                new SeenWindow.Cost(rows, rows * millisARow / 1e3, OptionalLong.of(bytes)),
                none,
                none);
    }

    private static SeenWindow.Version answering(String name, long rows, double millisARow) {
        return version(name, true, rows, millisARow, 1_000);
    }

    private void window(SeenWindow.Version... versions) {
        long start = state.closedThroughMillis();
        ModelJudging.Judged judged =
                ModelJudging.judge(
                        Monitoring.DEFAULT,
                        state,
                        new SeenWindow(
                                start,
                                start + HOUR,
                                1,
                                OptionalLong.of(start),
                                List.of(versions),
                                Optional.empty()));
        state = judged.after();
        changes.addAll(judged.changes());
        findings = judged.findings();
    }

    private ModelJudging.Finding finding(ModelRule rule, String version) {
        return findings.stream()
                .filter(one -> one.rule() == rule && one.version().equals(version))
                .findFirst()
                .orElseThrow();
    }

    private Judgement latency(String version) {
        return finding(ModelRule.LATENCY, version).verdict().judgement();
    }

    @Test
    void aSlowerVersionRaisesAnAlertInTheWindowInWhichItTakesOver() {
        window(answering("risk/1", 1_000, 1));
        assertThat(latency("risk/1")).isEqualTo(Judgement.NOT_JUDGED);

        window(answering("risk/1", 500, 1), answering("risk/2", 500, 2.5));

        assertThat(finding(ModelRule.LATENCY, "risk/2").verdict().value()).hasValue(2.5);
        assertThat(finding(ModelRule.LATENCY, "risk/2").verdict().note())
                .isEqualTo("risk/2: 2.50 ms a row, risk/1: 1.00 ms");
        assertThat(changes)
                .extracting(ModelJudging.Changed::rule)
                .containsExactly(ModelRule.LATENCY);

        // And the alert stays while nothing new is known of it
        window(answering("risk/2", 1_000, 2.5));
        assertThat(latency("risk/2")).isEqualTo(Judgement.NOT_JUDGED);
        assertThat(changes).hasSize(1);

        // Until the old version is back
        window(answering("risk/2", 500, 2.5), answering("risk/1", 500, 1));
        assertThat(changes).hasSize(2);
    }

    @Test
    void aVersionThatNeverWasBesideTheLastOneIsComparedWithItsLastWindowOnce() {
        window(answering("risk/1", 1_000, 1));
        window(answering("risk/2", 10, 9));
        assertThat(latency("risk/2")).isEqualTo(Judgement.NOT_JUDGED);

        window(answering("risk/2", 1_000, 3));
        assertThat(latency("risk/2")).isEqualTo(Judgement.FAILED);

        // Other times, other batches
        window(answering("risk/2", 1_000, 9));
        assertThat(latency("risk/2")).isEqualTo(Judgement.NOT_JUDGED);
    }

    @Test
    void aShadowIsComparedWithTheVersionThatAnswersAndRaisesNoAlert() {
        window(answering("risk/1", 1_000, 1), version("risk/2", false, 1_000, 4, 9_000));

        assertThat(latency("risk/2")).isEqualTo(Judgement.FAILED);
        assertThat(finding(ModelRule.MEMORY, "risk/2").verdict().judgement())
                .isEqualTo(Judgement.FAILED);
        assertThat(latency("risk/1")).isEqualTo(Judgement.NOT_JUDGED);
        assertThat(changes).isEmpty();
    }

    @Test
    void whatTakesNextToNothingIsNotJudged() {
        window(answering("risk/1", 1_000, 0.001));
        window(answering("risk/1", 500, 0.001), answering("risk/2", 500, 0.01));

        assertThat(latency("risk/2")).isEqualTo(Judgement.NOT_JUDGED);
        assertThat(changes).isEmpty();
    }

    @Test
    void aLargerVersionRaisesAnAlertThatEndsWithASmallerOne() {
        window(version("risk/1", true, 1_000, 1, 1_000));
        window(version("risk/2", true, 1_000, 1, 2_000));

        assertThat(finding(ModelRule.MEMORY, "risk/2").verdict().note())
                .isEqualTo("risk/2: 2,000 bytes, risk/1: 1,000 bytes");
        assertThat(changes)
                .extracting(ModelJudging.Changed::rule)
                .containsExactly(ModelRule.MEMORY);

        window(version("risk/3", true, 1_000, 1, 1_500));
        assertThat(changes).hasSize(2);
    }

    @Test
    void aWindowWithoutPredictionsForgetsNothing() {
        window(answering("risk/1", 1_000, 1));
        window();
        window(answering("risk/1", 1_000, 1));

        assertThat(state.served()).containsOnlyKeys("risk/1");
        window(answering("risk/2", 1_000, 1));
        assertThat(latency("risk/2")).isEqualTo(Judgement.PASSED);
    }
}
