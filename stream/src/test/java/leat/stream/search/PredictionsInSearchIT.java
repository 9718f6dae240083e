package leat.stream.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import leat.core.event.EventHeaders;
import leat.stream.log.EventHeader;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.Test;

/// Predictions have an index of their own, beside nothing of a contract's events.
final class PredictionsInSearchIT {

    private static final int PREDICTIONS = 40;

    private final SearchFixture fixture = new SearchFixture();
    private final String topic = fixture.names.predictions(SearchFixture.CARS);
    private final String index = fixture.names.index("predictions", SearchFixture.CARS);

    private void write(Producer<byte[], byte[]> producer, int number, String value) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, 0, null, value.getBytes(StandardCharsets.UTF_8));
        EventHeader.add(record.headers(), EventHeaders.ID, SearchFixture.rawPosition(number));
        EventHeader.add(record.headers(), EventHeaders.SOURCE, "scorer/car-telemetry.v1");
        EventHeader.add(record.headers(), EventHeaders.POSITION, SearchFixture.rawPosition(number));
        EventHeader.add(record.headers(), EventHeaders.CONTRACT_VERSION, "1.0.0");
        Future<RecordMetadata> _ = producer.send(record);
    }

    @Test
    void predictionsAreFoundAndWhatSearchRefusesIsDead() {
        SharedKafka.create(
                TopicSpec.ofPredictions(fixture.names, SearchFixture.CARS).subList(0, 1));
        try (Producer<byte[], byte[]> producer =
                SharedKafka.connection().producer("test", Map.of())) {
            for (int n = 0; n < PREDICTIONS; n++) {
                write(producer, n, "{\"car\":\"car-" + n + "\",\"trip\":" + n + "}");
            }
            write(producer, PREDICTIONS, "{\"trip\":1.5}");
            producer.flush();
        }
        SearchLoader.Parts events = fixture.parts(SearchFixture.SMALL_BULKS);

        try (SearchLoader _ =
                SearchLoader.start(
                        new SearchLoader.Parts(
                                events.log(),
                                events.engine(),
                                events.names(),
                                events.contract(),
                                SearchFeed.PREDICTIONS,
                                events.settings(),
                                events.metrics()))) {
            fixture.awaitCount(index, PREDICTIONS);
            fixture.awaitCount(fixture.deadIndex(), 1);
        }

        assertThat(fixture.deadOfSearch()).hasSize(1);
        assertThat(List.of(fixture.count(fixture.enrichedIndex()))).containsExactly(-1L);
    }
}
