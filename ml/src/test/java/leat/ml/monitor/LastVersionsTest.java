package leat.ml.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

final class LastVersionsTest {

    private final LastVersions last = new LastVersions();

    @Test
    void aVersionIsLeftWithTheFirstWindowThatHasNoneOfItsPredictions() {
        assertThat(last.next("risk.v1", Set.of("risk/1"))).isEmpty();
        assertThat(last.next("risk.v1", Set.of("risk/1", "risk/2"))).isEmpty();
        assertThat(last.next("risk.v1", Set.of("risk/2"))).containsExactly("risk/1");
        assertThat(last.next("risk.v1", Set.of())).containsExactly("risk/2");
        assertThat(last.next("risk.v1", Set.of())).isEmpty();
    }

    @Test
    void aVersionThatAnotherScoringStillAsksIsNotLeft() {
        last.next("risk.v1", Set.of("risk/1"));
        last.next("wear.v1", Set.of("risk/1"));

        assertThat(last.next("risk.v1", Set.of("risk/2"))).isEmpty();
        assertThat(last.next("wear.v1", Set.of("risk/2"))).containsExactly("risk/1");
    }
}
