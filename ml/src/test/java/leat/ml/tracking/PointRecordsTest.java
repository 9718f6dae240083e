package leat.ml.tracking;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import leat.core.tracking.Metric;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

final class PointRecordsTest {

    private static final PointRecords RECORDS = new PointRecords("leat.tracking-points");
    private static final Metric POINT = new Metric("train/loss", 0.5, 1_000, -1);

    private static ConsumerRecord<byte[], byte[]> written(Metric point) {
        ProducerRecord<byte[], byte[]> record = RECORDS.of("a1", point);
        return new ConsumerRecord<>(record.topic(), 0, 3, record.key(), record.value());
    }

    private static String key(Metric point) {
        return new String(RECORDS.of("a1", point).key(), UTF_8);
    }

    @Test
    void whatIsWrittenIsReadByItsRunAndMetric() {
        ConsumerRecord<byte[], byte[]> record = written(POINT);

        assertThat(RECORDS.holds(record, "a1", "train/loss")).isTrue();
        assertThat(RECORDS.holds(record, "a", "train/loss")).isFalse();
        assertThat(RECORDS.holds(record, "a1", "loss")).isFalse();
        assertThat(RECORDS.read("train/loss", record)).isEqualTo(POINT);
    }

    @Test
    void pointsThatDifferInAnythingHaveDifferentKeysAndThoseThatDoNotTheSame() {
        assertThat(
                        Stream.of(
                                        POINT,
                                        new Metric("train/loss", 0.6, 1_000, -1),
                                        new Metric("train/loss", 0.5, 1_001, -1),
                                        new Metric("train/loss", 0.5, 1_000, 0),
                                        new Metric("acc", 0.5, 1_000, -1))
                                .map(PointRecordsTest::key))
                .doesNotHaveDuplicates();
        assertThat(key(new Metric("train/loss", 0.5, 1_000, -1))).isEqualTo(key(POINT));
    }
}
