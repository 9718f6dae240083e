package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leat.core.event.EventHeaders;
import leat.core.failpoint.FailPoint;
import leat.stream.testing.ChildJvm;
import leat.stream.testing.SharedKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kills a loader between each two of its side effects, lets another one go on, and counts.
final class SearchCrashPointsIT {

    private static final int EVENTS = 500;

    private final SearchFixture fixture = new SearchFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "search.after-index",
                "search.after-bulk",
                "search.after-bulk:3",
                "search.after-dead",
                "search.after-commit",
                "search.after-commit:3"
            })
    void leavesEveryEventOnceAfterAKillAt(String failPoint) throws Exception {
        // Given good events, refused ones and dead letters
        fixture.enrich(0, EVENTS);
        fixture.enrich(1000, "{\"trip\":1.5}");
        fixture.enrich(1001, "{\"trip\":\"7\"}");
        fixture.kill(0, "no JSON".getBytes(StandardCharsets.UTF_8));

        // When a loader is killed at its fail point and another one takes over
        Process killed = start(failPoint);
        assertThat(killed.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(killed.exitValue()).isEqualTo(FailPoint.EXIT_CODE);
        try (SearchLoader _ = fixture.successor()) {
            fixture.awaitCount(fixture.enrichedIndex(), EVENTS);
            fixture.awaitCount(fixture.deadIndex(), 3);
        }

        // Then everything is there exactly once
        assertThat(fixture.totals()).isEqualTo(SearchFixture.exact(EVENTS));
        assertThat(fixture.count(fixture.deadIndex())).isEqualTo(3);
        List<String> ids =
                fixture.deadOfSearch().stream()
                        .map(letter -> HeaderText.text(letter, EventHeaders.DEAD_ID).orElseThrow())
                        .toList();
        assertThat(ids.stream().distinct()).hasSize(2);
        assertThat(ids.size()).isBetween(2, 4);
    }

    private Process start(String failPoint) throws Exception {
        return ChildJvm.start(
                LoadsUntilKilled.class,
                failPoint,
                Redirect.DISCARD,
                SharedKafka.bootstrapServers(),
                SharedOpenSearch.url().toString(),
                fixture.names.prefix());
    }
}
