package leat.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import leat.core.catalog.TrainingSet;
import org.junit.jupiter.api.Test;

final class RecentTrainingSetsTest {

    private Instant now = Instant.parse("2026-11-21T10:00:00Z");
    private Duration takes = Duration.ZERO;
    private int readings;
    private final RecentTrainingSets sets = new RecentTrainingSets(this::read, () -> now);

    private List<TrainingSet> read() {
        readings++;
        now = now.plus(takes);
        return List.of(
                new TrainingSet(
                        "leat_training.t" + readings,
                        now,
                        readings,
                        Optional.of("event"),
                        Optional.empty(),
                        List.of("driving.v1"),
                        List.of("driving:speed")));
    }

    private String table() {
        return sets.find().orElseThrow().getFirst().table();
    }

    @Test
    void questionsOfTheSameMomentShareOneReading() {
        assertThat(table()).isEqualTo("leat_training.t1");

        now = now.plus(RecentTrainingSets.RECENT).minusMillis(1);

        assertThat(table()).isEqualTo("leat_training.t1");
        assertThat(readings).isEqualTo(1);
    }

    @Test
    void theLakeIsReadAgainWhenTheLastReadingIsOld() {
        assertThat(table()).isEqualTo("leat_training.t1");

        now = now.plus(RecentTrainingSets.RECENT);

        assertThat(table()).isEqualTo("leat_training.t2");
    }

    @Test
    void whoWaitedForALakeThatIsSlowSharesItsReading() {
        takes = RecentTrainingSets.RECENT.multipliedBy(3);

        assertThat(table()).isEqualTo("leat_training.t1");
        assertThat(table()).isEqualTo("leat_training.t1");
    }
}
