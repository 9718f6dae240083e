package leat.stream.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class SpoolTest {

    private static final long MEBI = 1 << 20;

    @TempDir private Path folder = Path.of("");

    @Test
    void givesRecordsBackInTheirOrderWithKeyHeadersAndTopic() throws Exception {
        try (Spool spool = open(MEBI)) {
            // When
            ProducerRecord<byte[], byte[]> record = record(1);
            record.headers().add("ce_id", "7".getBytes(UTF_8)).add("empty", null);
            write(spool, List.of(record, new ProducerRecord<>("other", null, new byte[0])));
            write(spool, List.of(record(2)));

            // Then
            Spool.Chunk chunk = spool.oldest(MEBI);
            assertThat(chunk.records())
                    .hasSize(3)
                    .element(0)
                    .satisfies(read -> {
                        assertThat(read.topic()).isEqualTo("t");
                        assertThat(read.key()).isEqualTo("k1".getBytes(UTF_8));
                        assertThat(read.value()).isEqualTo("v1".getBytes(UTF_8));
                        assertThat(read.headers()).isEqualTo(record.headers());
                    });
            assertThat(chunk.records().get(1).topic()).isEqualTo("other");
            assertThat(chunk.records().get(1).key()).isNull();
            assertThat(values(chunk)).endsWith("v2");
        }
    }

    @Test
    void hasAfterAReopeningWhatWasNotDrained() throws Exception {
        // Given
        try (Spool spool = open(MEBI)) {
            write(spool, records(1, 3));
            spool.drained(spool.oldest(1));
            write(spool, records(4, 5));
        }

        // When
        try (Spool spool = open(MEBI)) {
            // Then
            assertThat(spool.events()).isEqualTo(2);
            assertThat(values(spool.oldest(MEBI))).containsExactly("v4", "v5");
            assertThat(standing()).containsExactly("v4", "v5");
        }
    }

    @Test
    void deletesFilesThatAreDrainedAndStartsAgainWhenItIsEmpty() throws Exception {
        try (Spool spool = open(4_000)) {
            // Given
            List<String> written = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                write(spool, records(i, i));
                written.add("v" + i);
            }
            assertThat(SpoolFiles.list(folder)).hasSizeGreaterThan(3);

            // When
            List<String> drained = new ArrayList<>();
            while (!spool.isEmpty()) {
                Spool.Chunk chunk = spool.oldest(100);
                drained.addAll(values(chunk));
                spool.drained(chunk);
            }

            // Then
            assertThat(drained).isEqualTo(written);
            assertThat(SpoolFiles.list(folder)).isEmpty();
            assertThat(spool.bytes()).isZero();
            write(spool, records(7, 7));
            assertThat(values(spool.oldest(MEBI))).containsExactly("v7");
        }
    }

    @Test
    void cutsOffAGroupThatACrashLeftHalfWritten() throws Exception {
        for (int left = 1; left < 50; left += 7) {
            // Given
            try (Spool spool = open(MEBI)) {
                write(spool, records(1, 1));
                write(spool, records(2, 2));
            }
            Path file = SpoolFiles.list(folder).getFirst();
            try (RandomAccessFile tail = new RandomAccessFile(file.toFile(), "rw")) {
                tail.setLength(tail.length() - left);
            }

            // When
            try (Spool spool = open(MEBI)) {
                // Then
                assertThat(values(spool.oldest(MEBI))).containsExactly("v1");
                write(spool, records(3, 3));
                assertThat(values(spool.oldest(MEBI))).containsExactly("v1", "v3");
            }
            Files.delete(file);
        }
    }

    @Test
    void refusesToSkipWhatIsBrokenBeforeTheEnd() throws Exception {
        // Given
        try (Spool spool = open(MEBI)) {
            for (int i = 0; i < 3; i++) {
                write(spool, records(i, i));
            }
        }
        Path file = SpoolFiles.list(folder).getFirst();
        byte[] sound = Files.readAllBytes(file);
        int group = (sound.length - SegmentFile.START) / 3;

        // Every byte of the first two groups
        for (int at = 0; at < SegmentFile.START + 2 * group; at += 5) {
            byte[] damaged = sound.clone();
            damaged[at] ^= 1;
            Files.write(file, damaged);

            // Then
            assertThatThrownBy(() -> open(MEBI))
                    .as("byte %d", at)
                    .isInstanceOf(SpoolDamaged.class)
                    .hasMessageContaining(file.toString());
        }
        Files.write(file, sound);
        open(MEBI).close();
    }

    @Test
    void findsThatAFileIsMissing() throws Exception {
        // Given
        try (Spool spool = open(4_000)) {
            for (int i = 0; i < 40; i++) {
                write(spool, records(i, i));
            }
        }
        List<Path> files = SpoolFiles.list(folder);
        Files.delete(files.get(1));

        // Then
        assertThatThrownBy(() -> open(4_000))
                .isInstanceOf(SpoolDamaged.class)
                .hasMessageContaining("missing");
    }

    @Test
    void takesNoMoreThanItsSizeAndMoreWhenThereIsRoomAgain() throws Exception {
        try (Spool spool = open(1_000)) {
            // When
            int taken = 0;
            while (append(spool, List.of(record(taken))).isEmpty()) {
                taken++;
                spool.awaitWritten();
            }

            // Then
            assertThat(taken).isGreaterThan(5);
            assertThat(spool.bytes()).isLessThanOrEqualTo(1_000);
            assertThat(spool.refusal()).contains("collector.spool.size");
            spool.drained(spool.oldest(MEBI));
            assertThat(append(spool, List.of(record(0)))).isEmpty();
        }
    }

    @Test
    void tellsItsSizeWhileItsFilesAreBusy() throws Exception {
        try (SpoolFiles files = SpoolFiles.open(new SpoolSettings(folder, MEBI))) {
            synchronized (files) {
                assertThat(CompletableFuture.supplyAsync(files::bytes).get(10, TimeUnit.SECONDS))
                        .isZero();
                assertThat(CompletableFuture.supplyAsync(files::events).get(10, TimeUnit.SECONDS))
                        .isZero();
            }
        }
    }

    /// `/dev/full` lets itself be opened and has no room for a byte.
    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "only Linux has /dev/full")
    void leavesNoFileOpenOnADiskThatIsFull() throws Exception {
        try (Spool spool = open(MEBI)) {
            // Given
            Path full = Path.of("/dev/full");
            Path file = Files.createSymbolicLink(SegmentFile.of(folder, 1), full);

            // When
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> write(spool, records(1, 1)))
                        .hasRootCauseInstanceOf(IOException.class);
            }

            // Then
            assertThat(openFiles()).doesNotContain(full);
            Files.delete(file);
            write(spool, records(2, 2));
            assertThat(values(spool.oldest(MEBI))).containsExactly("v2");
        }
    }

    @Test
    void keepsEverythingWhenNothingIsTakenAway() throws Exception {
        try (Spool spool = open(MEBI)) {
            // Given
            Spool.Chunk nothing = spool.oldest(MEBI);
            write(spool, records(1, 2));

            // When
            spool.drained(nothing);

            // Then
            assertThat(values(spool.oldest(MEBI))).containsExactly("v1", "v2");
        }
    }

    @Test
    void belongsToOne() {
        try (Spool _ = open(MEBI)) {
            assertThatThrownBy(() -> open(MEBI))
                    .isInstanceOf(SpoolUnusable.class)
                    .hasMessageContaining("another collector")
                    .hasMessageContaining(folder.toString());
        }
    }

    private Spool open(long maxBytes) {
        return Spool.open(new SpoolSettings(folder, maxBytes), InstantSource.system());
    }

    private static void write(Spool spool, List<ProducerRecord<byte[], byte[]>> records)
            throws Exception {
        List<CompletableFuture<Void>> fates = new ArrayList<>();
        List<Spool.Entry> entries = new ArrayList<>();
        for (ProducerRecord<byte[], byte[]> record : records) {
            CompletableFuture<Void> fate = new CompletableFuture<>();
            fates.add(fate);
            entries.add(entry(record, fate));
        }
        assertThat(spool.append(entries)).isEmpty();
        for (CompletableFuture<Void> fate : fates) {
            fate.get(10, TimeUnit.SECONDS);
        }
    }

    private static List<Spool.Entry> append(
            Spool spool, List<ProducerRecord<byte[], byte[]>> records) {
        return spool.append(
                records.stream().map(record -> entry(record, new CompletableFuture<>())).toList());
    }

    private static Spool.Entry entry(
            ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> fate) {
        return new Spool.Entry(
                record,
                new Spool.Fate() {
                    @Override
                    public void durable() {
                        fate.complete(null);
                    }

                    @Override
                    public void lost(Exception cause) {
                        fate.completeExceptionally(cause);
                    }
                });
    }

    private List<String> standing() throws IOException {
        List<String> values = new ArrayList<>();
        StandingEvents.visit(folder, (record, _) -> values.add(new String(record.value(), UTF_8)));
        return values;
    }

    /// What this process has open.
    private static List<Path> openFiles() throws IOException {
        try (Stream<Path> links = Files.list(Path.of("/proc/self/fd"))) {
            return links.flatMap(SpoolTest::target).toList();
        }
    }

    private static Stream<Path> target(Path link) {
        try {
            return Stream.of(Files.readSymbolicLink(link));
        } catch (IOException _) {
            return Stream.of(); // closed since
        }
    }

    private static List<ProducerRecord<byte[], byte[]>> records(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(SpoolTest::record).toList();
    }

    private static ProducerRecord<byte[], byte[]> record(int number) {
        return new ProducerRecord<>(
                "t", ("k" + number).getBytes(UTF_8), ("v" + number).getBytes(UTF_8));
    }

    private static List<String> values(Spool.Chunk chunk) {
        return chunk.records().stream().map(record -> new String(record.value(), UTF_8)).toList();
    }
}
