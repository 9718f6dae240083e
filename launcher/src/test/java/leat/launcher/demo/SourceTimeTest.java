package leat.launcher.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import leat.launcher.config.LeatConfig.History;
import org.junit.jupiter.api.Test;

class SourceTimeTest {

    private static final History HISTORY =
            new History(Duration.ofHours(2), Duration.ofMinutes(1), 300_000);
    private static final Demo.Size SIZE =
            new Demo.Size(500, 1_000, Duration.ofSeconds(30), 1, false, true);
    private static final Instant NOW = Instant.parse("2026-11-29T12:00:34.567Z");

    @Test
    void aStepPassesWheneverAllSourcesHaveSentOnceAndTheDemoEndsNow() {
        SourceTime time = SourceTime.of(SIZE, HISTORY, NOW, Optional.empty());

        assertThat(time.speed()).isEqualTo(120);
        assertThat(time.live()).isEqualTo("2026-11-29T11:00:00Z");
        assertThat(time.begin()).isEqualTo("2026-11-29T09:00:00Z");
        assertThat(SIZE.sources() / time.eventsPerSecond(SIZE)).isCloseTo(60, within(1e-9));
        assertThat(HISTORY.events(SIZE.sources())).isEqualTo(60_000);
    }

    @Test
    void aSecondDemoGoesOnAfterTheFirstWithoutAPastOfItsOwn() {
        Instant newest = Instant.parse("2026-11-29T11:58:13Z");

        SourceTime time = SourceTime.of(SIZE, HISTORY, NOW, Optional.of(newest));

        assertThat(time.begin()).isEqualTo(time.live()).isEqualTo("2026-11-29T11:59:00Z");
        assertThat(time.speed()).isEqualTo(120);
    }

    @Test
    void whatIsOlderThanThePastDoesNotMatter() {
        Instant newest = Instant.parse("2026-11-29T08:59:59Z");

        assertThat(SourceTime.of(SIZE, HISTORY, NOW, Optional.of(newest)))
                .isEqualTo(SourceTime.of(SIZE, HISTORY, NOW, Optional.empty()));
    }
}
