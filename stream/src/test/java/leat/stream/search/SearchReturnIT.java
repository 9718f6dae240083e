package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import leat.core.event.EventHeaders;
import leat.core.event.Names.DeadStage;
import leat.stream.inspect.DeadLetterFilter;
import leat.stream.retry.DeadLetterRetry;
import leat.stream.retry.RetryReport;
import leat.stream.testing.SharedKafka;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

final class SearchReturnIT {

    private final SearchFixture fixture = new SearchFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void whatSearchRefusedComesBackToItAloneOnceItsMappingIsMended() {
        // Given refused events among good ones; one of them was sent again, well
        fixture.enrich(0, 50);
        for (int n = 50; n < 54; n++) {
            fixture.enrich(n, "{\"car\":\"odd\",\"trip\":\"" + n + "\"}");
        }
        fixture.enrich(53, "{\"car\":\"well\",\"trip\":53}");
        try (SearchLoader loader = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 51);
            fixture.awaitCount(fixture.deadIndex(), 4);

            // When they come back before anything is mended
            RetryReport first = retry();
            fixture.awaitCount(fixture.deadIndex(), 8);

            // And once more, when the mapping takes them
            fixture.engine.putMapping(
                    fixture.enrichedIndex(),
                    "{\"properties\":{\"trip\":{\"type\":\"long\",\"ignore_malformed\":true}}}");
            RetryReport second = retry();
            fixture.awaitCount(fixture.enrichedIndex(), 54);
            RetryReport third = retry();

            // Then each is a document once, and what is newer was not overwritten
            assertThat(first.returned()).isEqualTo(Map.of("search", 4L));
            assertThat(second.returned()).isEqualTo(Map.of("search", 4L));
            assertThat(second.before()).isEqualTo(4);
            assertThat(third.returning()).isZero();
            assertThat(third.before()).isEqualTo(8);
            SearchFixture.await(() -> count("well") == 1 && count("odd") == 3);
            assertThat(fixture.count(fixture.deadIndex())).isEqualTo(8);
            assertThat(loader.state()).isInstanceOf(LoaderState.Running.class);
        }
        assertThat(
                        fixture.deadOfSearch().stream()
                                .map(letter ->
                                        HeaderText.text(letter, EventHeaders.ATTEMPT).orElse("0"))
                                .toList())
                .containsExactlyInAnyOrder("0", "0", "0", "0", "1", "1", "1", "1");
    }

    private long count(String car) {
        fixture.engine.refresh(fixture.enrichedIndex());
        JsonNode answer =
                fixture.engine.search(
                        fixture.enrichedIndex(),
                        "{\"size\":0,\"track_total_hits\":true,\"query\":{\"term\":{\"car\":\""
                                + car
                                + "\"}}}");
        return answer.at("/hits/total/value").asLong();
    }

    private RetryReport retry() {
        return new DeadLetterRetry(SharedKafka.connection(), fixture.names, InstantSource.system())
                .run(
                        new DeadLetterRetry.Request(
                                SearchContracts.CARS,
                                DeadLetterFilter.ALL.at(DeadStage.SEARCH),
                                List.of(),
                                Long.MAX_VALUE),
                        _ -> {});
    }
}
