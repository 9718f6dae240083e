package leat.core.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class GateTest {

    @Test
    void aGateSaysByHowMuchItWasMissed() {
        Gate gate = new Gate("f1", new Gate.Bound.AtLeast(0.85));

        Gate.Verdict verdict = gate.judge(Map.of("f1", 0.71), Map.of());

        assertThat(verdict.passed()).isFalse();
        assertThat(verdict.missedBy()).isCloseTo(0.14, within(1e-9));
        assertThat(verdict)
                .hasToString("f1 at-least 0.85: 0.7100 against 0.8500, missed by 0.1400");
        assertThat(gate.judge(Map.of("f1", 0.85), Map.of()).passed()).isTrue();
    }

    @Test
    void whatIsNotKnownDoesNotPass() {
        Gate.Verdict unknown = new Gate("f1", new Gate.Bound.AtLeast(-1)).judge(Map.of(), Map.of());
        Gate.Verdict alone =
                new Gate("f1", new Gate.Bound.BetterThanBaseline())
                        .judge(Map.of("f1", 0.9), Map.of());

        assertThat(unknown.passed()).isFalse();
        assertThat(unknown).hasToString("f1 at-least -1.0: the metric has no value");
        assertThat(alone.passed()).isFalse();
        assertThat(alone).hasToString("f1 better-than baseline: 0.9000 against no value");
    }

    @Test
    void betterIsSmallerForLosses() {
        Gate loss = new Gate("log_loss", new Gate.Bound.BetterThanBaseline());
        Gate f1 = new Gate("f1", new Gate.Bound.BetterThanBaseline());

        assertThat(loss.judge(Map.of("log_loss", 0.1), Map.of("log_loss", 0.2)).passed()).isTrue();
        assertThat(loss.judge(Map.of("log_loss", 0.2), Map.of("log_loss", 0.2)).passed()).isFalse();
        assertThat(f1.judge(Map.of("f1", 0.9), Map.of("f1", 0.8)).passed()).isTrue();
        assertThat(f1.judge(Map.of("f1", 0.8), Map.of("f1", 0.9)).passed()).isFalse();
    }

    @Test
    void aShareHasRowsOnBothSides() {
        assertThat(Split.before(10, 0.3)).isEqualTo(7);
        assertThat(Split.before(2, 0.01)).isEqualTo(1);
        assertThat(Split.before(2, 0.99)).isEqualTo(1);
        assertThat(Split.before(1, 0.3)).isZero();
        assertThat(Split.before(0, 0.3)).isZero();
    }
}
