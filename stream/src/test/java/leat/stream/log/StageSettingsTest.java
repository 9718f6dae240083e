package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import leat.core.event.Names;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class StageSettingsTest {

    private static final StageSettings SETTINGS =
            new StageSettings(
                    new Names("test"),
                    "stage",
                    "1",
                    1,
                    List.of(),
                    100,
                    1_000,
                    Duration.ofMillis(10));

    @ParameterizedTest
    @CsvSource({
        "0, false, 10", // nothing took time
        "3, false, 7", // two transactions have the interval between them
        "10, false, 0",
        "12, false, 2", // longer than the interval: as long as it was longer
        "40, false, 30",
        "110, false, 100",
        "3000, false, 100", // a log that was away is not waited for as long again
        "3, true, 7",
        "40, true, -30", // more is there: no rest
    })
    void restsForWhatATurnTookBeyondTheInterval(long tookMillis, boolean full, long restMillis) {
        assertThat(SETTINGS.restNanos(Duration.ofMillis(tookMillis).toNanos(), full))
                .isEqualTo(Duration.ofMillis(restMillis).toNanos());
    }

    @Test
    void isFullByRecordsOfAllPartitionsOrByTheirBytes() {
        assertThat(SETTINGS.isFull(List.of(batch(60, 1), batch(39, 1)))).isFalse();
        assertThat(SETTINGS.isFull(List.of(batch(60, 1), batch(40, 1)))).isTrue();
        assertThat(SETTINGS.isFull(List.of(batch(10, 50), batch(10, 49)))).isFalse();
        assertThat(SETTINGS.isFull(List.of(batch(10, 50), batch(10, 50)))).isTrue();
        assertThat(SETTINGS.isFull(List.of(batch(1, -1)))).isFalse();
    }

    /// @param valueBytes of each record; -1 of one without a value
    private static PartitionBatch batch(int records, int valueBytes) {
        return new PartitionBatch(
                new TopicPartition("in", 0),
                IntStream.range(0, records)
                        .mapToObj(offset ->
                                new ConsumerRecord<>(
                                        "in",
                                        0,
                                        offset,
                                        0L,
                                        TimestampType.CREATE_TIME,
                                        0,
                                        valueBytes,
                                        new byte[0],
                                        new byte[Math.max(0, valueBytes)],
                                        new RecordHeaders(),
                                        Optional.empty()))
                        .toList(),
                records);
    }
}
