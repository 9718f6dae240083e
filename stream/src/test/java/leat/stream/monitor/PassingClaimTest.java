package leat.stream.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import leat.stream.monitor.PassingClaim.Look;
import org.junit.jupiter.api.Test;

final class PassingClaimTest {

    @Test
    void aTimeHasPassedWhenTheMonitorHasReadWhatTheEnricherMadeOfRaw() {
        PassingClaim claim = PassingClaim.of(new Look(0, 0, 0, 1_000, 10));

        Look behind = new Look(9, 5, 5, 2_000, 10);
        PassingClaim waiting = claim.after(behind);
        Look enriched = new Look(10, 7, 5, 3_000, 10);
        PassingClaim known = waiting.after(enriched);
        Look more = new Look(20, 17, 7, 4_000, 20);

        assertThat(waiting.shown(behind)).as("the enricher has not read up to 10").isFalse();
        assertThat(known.shown(enriched)).as("the monitor has not read up to 7").isFalse();
        assertThat(known.after(more).shown(more)).as("what came later does not matter").isTrue();
        assertThat(known.after(more).atMillis()).isEqualTo(1_000);
    }

    @Test
    void aSourceThatIsNotMadeOfRawWaitsForTheMonitorAlone() {
        PassingClaim claim = PassingClaim.of(new Look(0, 0, 0, 1_000, 0));

        Look unread = new Look(0, 3, 2, 2_000, 0);
        Look read = new Look(0, 3, 3, 2_000, 0);

        assertThat(claim.after(unread).shown(unread)).isFalse();
        assertThat(claim.after(read).shown(read)).isTrue();
    }
}
