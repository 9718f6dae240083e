package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import leat.core.event.EventHeaders;
import leat.core.event.Names.DeadStage;
import leat.embedded.opensearch.NodeState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SearchLoaderIT {

    private final SearchFixture fixture = new SearchFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void loadsEveryEventOnce() {
        // Given
        fixture.enrich(0, 10_000);

        // When
        try (SearchLoader loader = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 10_000);
            assertThat(loader.state()).isInstanceOf(LoaderState.Running.class);
        }

        // Then
        assertThat(fixture.totals()).isEqualTo(SearchFixture.exact(10_000));
    }

    @Test
    void goesOnWhereItStoodAfterARestart() {
        fixture.enrich(0, 100);
        try (SearchLoader _ = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 100);
        }
        double loaded = fixture.metrics.indexed.labelValues("car-telemetry").get();
        fixture.enrich(100, 200);

        try (SearchLoader _ = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 200);
        }

        assertThat(fixture.totals()).isEqualTo(SearchFixture.exact(200));
        assertThat(fixture.metrics.indexed.labelValues("car-telemetry").get() - loaded)
                .isEqualTo(100);
    }

    @Test
    void makesADeadLetterOfWhatTheMappingRefuses() {
        // Given events that do not fit their mapping, among good ones
        fixture.enrich(0, 50);
        List<String> poison =
                List.of(
                        "{\"trip\":1.5}",
                        "{\"trip\":\"7\"}",
                        "{\"trip\":99999999999999999999}",
                        "{\"speed\":\"fast\"}",
                        "{\"seen\":\"yesterday\"}",
                        "{\"trip\":{\"a\":1}}",
                        "{\"_id\":\"x\"}",
                        "[1]",
                        "{\"trip\":");
        for (int i = 0; i < poison.size(); i++) {
            fixture.enrich(1000 + i, poison.get(i));
        }
        fixture.enrich(50, 100);

        // When
        try (SearchLoader loader = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 100);
            fixture.awaitCount(fixture.deadIndex(), poison.size());
            assertThat(loader.state()).isInstanceOf(LoaderState.Running.class);
        }

        // Then each is dead with its payload, its reason and its place
        List<ConsumerRecord<byte[], byte[]>> dead = fixture.deadOfSearch();
        assertThat(dead)
                .extracting(letter -> new String(letter.value(), StandardCharsets.UTF_8))
                .containsExactlyInAnyOrderElementsOf(poison);
        assertThat(dead)
                .allSatisfy(letter -> {
                    assertThat(HeaderText.text(letter, EventHeaders.STAGE)).hasValue("search");
                    assertThat(HeaderText.text(letter, EventHeaders.REASONS).orElseThrow())
                            .contains("\"code\":\"")
                            .hasSizeGreaterThan(40);
                    assertThat(HeaderText.text(letter, EventHeaders.DEAD_ID).orElseThrow())
                            .hasSize(32);
                    assertThat(letter.partition())
                            .isEqualTo(
                                    Integer.parseInt(
                                                    HeaderText.text(letter, EventHeaders.ID)
                                                            .orElseThrow()
                                                            .substring(2))
                                            % 4);
                });
        assertThat(fixture.totals()).isEqualTo(SearchFixture.exact(100));
    }

    @Test
    void takesNumbersInEveryFormTheContractTakes() {
        fixture.enrich(0, "{\"trip\":1.0,\"speed\":3,\"price\":12.50}");
        fixture.enrich(1, "{\"trip\":1e3,\"speed\":1e-3,\"price\":12.5,\"seen\":1700000000000001}");
        fixture.enrich(2, "{\"trip\":-9223372036854775808,\"local\":\"2026-07-01 12:00\"}");
        fixture.enrich(3, "{\"trip\":null,\"note\":\"" + "ü".repeat(40_000) + "\"}");

        try (SearchLoader _ = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 4);
        }

        assertThat(fixture.deadOfSearch()).isEmpty();
    }

    @Test
    void loadsDeadLettersWhateverTheyCarry() {
        fixture.kill(0, "{\"trip\":".getBytes(StandardCharsets.UTF_8));
        fixture.kill(1, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        fixture.kill(2, "x".repeat(1 << 20).getBytes(StandardCharsets.UTF_8));

        try (SearchLoader _ = fixture.loader()) {
            fixture.awaitCount(fixture.deadIndex(), 3);
        }

        assertThat(
                        fixture.engine
                                .search(
                                        fixture.deadIndex(),
                                        "{\"query\":{\"term\":{\"reason_codes\":\"malformed\"}},"
                                                + "\"_source\":false}")
                                .at("/hits/total/value")
                                .asLong())
                .isEqualTo(3);
    }

    @Test
    void waitsForAKilledEngineAndLosesNothing() {
        // Given a loader at work
        fixture.enrich(0, 2_000);
        try (SearchLoader loader = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 2_000);

            // When the engine is killed and events go on
            SharedOpenSearch.kill();
            fixture.enrich(2_000, 6_000);
            SearchFixture.await(() -> loader.state() instanceof LoaderState.Waiting);

            // Then it goes on when the engine is back
            SearchFixture.await(() -> SharedOpenSearch.state() instanceof NodeState.Ready);
            fixture.awaitCount(fixture.enrichedIndex(), 6_000);
            SearchFixture.await(() -> loader.state() instanceof LoaderState.Running);
        }
        assertThat(fixture.totals()).isEqualTo(SearchFixture.exact(6_000));
    }

    @Test
    void loadsADeletedIndexAgainFromTheStart() {
        fixture.enrich(0, 300);
        try (SearchLoader _ = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 300);

            fixture.engine.deleteIndex(fixture.enrichedIndex());
            fixture.enrich(300, 400);

            fixture.awaitCount(fixture.enrichedIndex(), 400);
        }
        assertThat(fixture.totals()).isEqualTo(SearchFixture.exact(400));
    }

    @Test
    void stopsWhenItsTopicWasMadeAgain() throws Exception {
        fixture.enrich(0, 100);
        try (SearchLoader loader = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 100);

            fixture.recreate(fixture.names.enriched(SearchFixture.CARS));

            SearchFixture.await(() -> loader.state() instanceof LoaderState.Stopped);
            assertThat(loader.state().toString())
                    .contains("was deleted and made again", "delete the index");
        }
        try (SearchLoader loader = fixture.loader()) {
            SearchFixture.await(() -> loader.state() instanceof LoaderState.Stopped);
            fixture.engine.deleteIndex(fixture.enrichedIndex());
        }
        fixture.enrich(0, 10);
        try (SearchLoader _ = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 10);
        }
    }

    @Test
    void leavesOtherContractsAloneWhenOneStops() throws Exception {
        try (SearchFixture other = new SearchFixture();
                SearchLoader stopping = fixture.loader();
                SearchLoader going = other.loader()) {
            other.enrich(0, 10);
            other.awaitCount(other.enrichedIndex(), 10);
            SearchFixture.await(() -> stopping.state() instanceof LoaderState.Running);
            fixture.recreate(fixture.names.dead(SearchFixture.CARS, DeadStage.LAKE));

            SearchFixture.await(() -> stopping.state() instanceof LoaderState.Stopped);
            assertThat(stopping.state().toString()).contains(fixture.deadIndex());

            other.enrich(10, 20);
            other.awaitCount(other.enrichedIndex(), 20);
            assertThat(going.state()).isInstanceOf(LoaderState.Running.class);
        }
    }

    @Test
    void sharesTheWorkAmongLoaders() {
        fixture.enrich(0, 1_000);
        try (SearchLoader _ = fixture.loader();
                SearchLoader second = fixture.loader()) {
            fixture.awaitCount(fixture.enrichedIndex(), 1_000);
            SearchFixture.await(() -> second.state() instanceof LoaderState.Running);
            fixture.enrich(1_000, 2_000);
            fixture.awaitCount(fixture.enrichedIndex(), 2_000);
        }
        assertThat(fixture.totals()).isEqualTo(SearchFixture.exact(2_000));
    }
}
