package leat.stream.enricher.dedupe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import leat.core.config.DataSize;
import leat.core.event.Hash128;
import leat.core.event.TopicId;
import leat.stream.log.AssignedPartition;
import leat.stream.log.Counts;
import leat.stream.log.LogCursor;
import leat.stream.log.LogReader;
import leat.stream.log.PartitionStopped;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DuplicatesTest {

    private static final TopicPartition RAW = new TopicPartition("raw", 0);
    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAA");
    private static final TopicId MADE_AGAIN = new TopicId("BBBBBBBBBBBBBBBBBBBBBB");
    private static final long WINDOW_MILLIS = 1_000;

    @TempDir private Path folder;

    private final RawLog raw = new RawLog();

    @Test
    void findsWhatStandsWithinTheWindowAndNothingOlder() {
        try (Duplicates duplicates = open(TOPIC, 0)) {
            // Given
            duplicates.seen(1, 1, 5_000);
            duplicates.committed(1);

            // When
            boolean atItsEnd = duplicates.seen(1, 1, 5_000 + WINDOW_MILLIS);
            boolean refreshed = duplicates.seen(1, 1, 5_000 + 2 * WINDOW_MILLIS);
            boolean beyond = duplicates.seen(1, 1, 5_001 + 3 * WINDOW_MILLIS);

            // Then
            assertThat(atItsEnd).isTrue();
            assertThat(refreshed).as("a duplicate counts as an occurrence").isTrue();
            assertThat(beyond).isFalse();
        }
    }

    @Test
    void anAbortedBatchLeavesNoTrace() {
        try (Duplicates duplicates = open(TOPIC, 0)) {
            // Given
            duplicates.seen(1, 1, 5_000);

            // When
            duplicates.aborted();

            // Then
            assertThat(duplicates.seen(1, 1, 5_000)).isFalse();
        }
    }

    @Test
    void aRestartReadsOnlyTheTailThatTheJournalDoesNotHave() {
        // Given
        append(3_000);
        try (Duplicates duplicates = open(TOPIC, 0)) {
            see(duplicates, 0, 2_000);
            duplicates.committed(2_000);
        }
        raw.read = 0;

        // When
        try (Duplicates restarted = open(TOPIC, 3_000)) {
            // Then
            assertThat(raw.read).isEqualTo(1_000);
            assertThat(restarted.size()).isEqualTo(3_000);
        }
    }

    @Test
    void aJournalAheadOfTheCommittedOffsetIsNotBelieved() {
        // Given
        append(3_000);
        try (Duplicates duplicates = open(TOPIC, 0)) {
            see(duplicates, 0, 3_000);
            duplicates.committed(3_000);
        }

        // When
        try (Duplicates restarted = open(TOPIC, 1_000)) {
            // Then
            assertThat(restarted.size()).isEqualTo(1_000);
        }
    }

    @Test
    void aTopicThatWasMadeAgainStartsWithoutIdentities() {
        // Given
        try (Duplicates duplicates = open(TOPIC, 0)) {
            duplicates.seen(1, 1, 5_000);
            duplicates.committed(1);
        }

        // When
        try (Duplicates restarted = open(MADE_AGAIN, 0)) {
            // Then
            assertThat(restarted.seen(1, 1, 5_000)).isFalse();
        }
    }

    @Test
    void aTornJournalIsCutAndTheRestReadFromRaw() throws IOException {
        // Given
        append(9_000);
        try (Duplicates duplicates = open(TOPIC, 0)) {
            for (int from = 0; from < 9_000; from += 3_000) {
                see(duplicates, from, from + 3_000);
                duplicates.committed(from + 3_000);
            }
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 5));
            }
        }
        raw.read = 0;

        // When
        try (Duplicates restarted = open(TOPIC, 9_000)) {
            // Then
            assertThat(restarted.size()).isEqualTo(9_000);
            assertThat(raw.read).isBetween(1L, 3_000L);
        }
    }

    @Test
    void stopsThePartitionWithTheRemedyWhenTheWindowDoesNotFit() {
        try (Duplicates duplicates = open(TOPIC, 0)) {
            // Given
            for (int i = 0; i < 100_000; i++) {
                Hash128 identity = Hash128.of("s", "id" + i);
                duplicates.seen(identity.high(), identity.low(), 5_000);
            }
            duplicates.committed(100_000);

            // When / Then
            assertThatThrownBy(duplicates::begin)
                    .isInstanceOf(PartitionStopped.class)
                    .hasMessageContaining("raise enricher.dedupe-memory");
        }
    }

    private Duplicates open(TopicId topic, long committed) {
        return Duplicates.restore(
                new Duplicates.Settings(
                        new DuplicateRule(WINDOW_MILLIS),
                        DataSize.mebibytes(2),
                        record -> Hash128.of("s", "id" + record.offset())),
                new AssignedPartition(RAW, topic, committed, Counts.NONE),
                raw,
                folder);
    }

    private void append(int count) {
        for (int offset = 0; offset < count; offset++) {
            raw.records.add(
                    new ConsumerRecord<>(
                            "raw",
                            0,
                            offset,
                            5_000,
                            TimestampType.LOG_APPEND_TIME,
                            0,
                            0,
                            new byte[0],
                            new byte[0],
                            new RecordHeaders(),
                            Optional.empty()));
        }
    }

    private static void see(Duplicates duplicates, int from, int to) {
        for (int offset = from; offset < to; offset++) {
            Hash128 identity = Hash128.of("s", "id" + offset);
            assertThat(duplicates.seen(identity.high(), identity.low(), 5_000)).isFalse();
        }
    }

    /// Raw as a restart reads it again.
    private static final class RawLog implements LogReader {
        private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        private long read;

        @Override
        public AssignedPartition assigned(TopicPartition partition) {
            return new AssignedPartition(partition, TOPIC, 0, Counts.NONE);
        }

        @Override
        public void read(
                TopicPartition partition,
                long from,
                long to,
                Consumer<ConsumerRecord<byte[], byte[]>> sink) {
            records.subList((int) from, (int) Math.min(to, records.size())).forEach(sink);
            read += to - from;
        }

        @Override
        public LogCursor cursor(TopicPartition partition) {
            throw new UnsupportedOperationException(
                    "no stage under test reads on beside its batches");
        }

        @Override
        public long start(TopicPartition partition) {
            return 0;
        }

        @Override
        public long end(TopicPartition partition) {
            return records.size();
        }

        @Override
        public OptionalLong firstOffsetSince(TopicPartition partition, long timestampMillis) {
            return records.isEmpty() ? OptionalLong.empty() : OptionalLong.of(0);
        }

        @Override
        public OptionalLong timestampBelow(TopicPartition partition, long offset) {
            return offset == 0 || records.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(records.getLast().timestamp());
        }
    }
}
