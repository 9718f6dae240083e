package leat.stream.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import leat.core.config.DataSize;
import leat.core.contract.Contract;
import leat.stream.send.FakeCollector.Behaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileSenderTest {

    private static final Contract CONTRACT = Contracts.readings();
    private static final SendSettings SMALL_BATCHES =
            new SendSettings(
                    10, DataSize.mebibytes(1), 3, Duration.ofSeconds(10), Duration.ofMinutes(2));

    @TempDir Path folder;

    private final FakeWaiting waiting = new FakeWaiting();
    private final FakeCollector collector;

    @AfterEach
    void stopCollector() {
        collector.close();
    }

    FileSenderTest() throws IOException {
        collector = new FakeCollector();
    }

    private Path csv(String name, int rows) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("time,car,speed");
        for (int row = 0; row < rows; row++) {
            lines.add((1_700_000_000 + row) + ",car" + row % 7 + "," + row);
        }
        return Files.write(folder.resolve(name), lines);
    }

    private static Map<String, String> expected(String key, int rows) {
        Map<String, String> events = new TreeMap<>();
        for (int row = 0; row < rows; row++) {
            events.put(
                    key + "/" + String.format("%06d", row),
                    "{\"time\":%d,\"car\":\"car%d\",\"speed\":%d}"
                            .formatted(1_700_000_000 + row, row % 7, row));
        }
        return events;
    }

    private FileSender sender() {
        return sender(SMALL_BATCHES);
    }

    private FileSender sender(SendSettings settings) {
        return new FileSender(collector.address(), CONTRACT, settings, waiting);
    }

    private SendOptions options() {
        return SendOptions.once(progressFolder());
    }

    private Path progressFolder() {
        return folder.resolve("progress");
    }

    private SendResult send(Path... files) throws Exception {
        return sender().send(inputs(files), options(), SendProgress.NONE);
    }

    private static List<InputSource> inputs(Path... files) {
        return Stream.of(files).<InputSource>map(InputSource.File::new).toList();
    }

    private List<Path> progressFiles() throws IOException {
        if (!Files.exists(progressFolder())) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(progressFolder())) {
            return files.toList();
        }
    }

    @Test
    void everyRowArrivesUnderTheFilesHashAndItsIndex() throws Exception {
        // Given
        Path file = csv("a.csv", 95);

        // When
        SendResult result = send(file);

        // Then
        assertThat(collector.events()).isEqualTo(expected(Content.hash(file), 95));
        assertThat(result.accepted()).isEqualTo(95);
        assertThat(result.rows()).isEqualTo(95);
        assertThat(result.complete()).isTrue();
        assertThat(result.repeatable()).isTrue();
        assertThat(result.rejections()).isEmpty();
        assertThat(progressFiles()).isEmpty();
    }

    @Test
    void idsDoNotDependOnTheSizeOfBatchesOrOnCompressionOrOnRepeating() throws Exception {
        // Given
        Path file = csv("a.csv", 95);
        send(file);
        Map<String, String> once = collector.events();

        // When
        SendResult again =
                sender(SendSettings.DEFAULTS).send(inputs(file), options(), SendProgress.NONE);

        // Then
        assertThat(again.accepted()).isEqualTo(95);
        assertThat(collector.events()).isEqualTo(once);
        assertThat(collector.clashes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void nothingIsLostOrSentUnderAnotherIdWhateverGoesWrong(long seed) throws Exception {
        // Given
        Path file = csv("a.csv", 500);
        Random random = new Random(seed);
        Behaviour[] troubles = {
            Behaviour.ACCEPT,
            Behaviour.UNAVAILABLE,
            Behaviour.THROTTLE,
            Behaviour.DIE_BEFORE,
            Behaviour.DIE_AFTER
        };
        for (int i = 0; i < 120; i++) {
            collector.then(troubles[random.nextInt(troubles.length)]);
        }

        // When
        SendResult result = send(file);

        // Then
        assertThat(collector.events())
                .as("seed %d", seed)
                .isEqualTo(expected(Content.hash(file), 500));
        assertThat(collector.clashes()).isEmpty();
        assertThat(result.accepted()).isEqualTo(500);
    }

    @Test
    void retryAfterIsWaitedForAndOtherTroubleBacksOff() throws Exception {
        // Given
        collector.then(
                Behaviour.THROTTLE,
                Behaviour.DIE_BEFORE,
                Behaviour.DIE_BEFORE,
                Behaviour.UNAVAILABLE);

        // When
        send(csv("a.csv", 5));

        // Then
        List<Duration> waits = waiting.waits();
        assertThat(waits).hasSize(4);
        assertThat(waits.get(0)).isEqualTo(Duration.ofSeconds(7));
        assertThat(waits.get(1)).isBetween(Duration.ofNanos(1), Duration.ofMillis(200));
        assertThat(waits.get(2)).isBetween(Duration.ofNanos(1), Duration.ofMillis(400));
        assertThat(waits.get(3)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void interruptedFileContinuesWhereItStopped() throws Exception {
        // Given
        Path file = csv("a.csv", 200);
        AtomicInteger requests = new AtomicInteger();
        FileSender first = sender();
        collector.afterEachRequest(() -> {
            if (requests.incrementAndGet() == 5) {
                first.stop();
            }
        });
        SendResult stopped = first.send(inputs(file), options(), SendProgress.NONE);
        int rowsBefore = collector.batchSizes().stream().mapToInt(Integer::intValue).sum();
        assertThat(stopped.complete()).isFalse();
        assertThat(progressFiles()).hasSize(1);

        // When
        SendResult rest =
                new FileSender(collector.address(), CONTRACT, SMALL_BATCHES, new FakeWaiting())
                        .send(inputs(file), options(), SendProgress.NONE);

        // Then
        assertThat(rest.complete()).isTrue();
        assertThat(rest.resumed()).isEqualTo(stopped.rows()).isPositive();
        assertThat(rest.rows()).isEqualTo(200);
        assertThat(rest.accepted()).isEqualTo(200);
        assertThat(collector.batchSizes().stream().mapToInt(Integer::intValue).sum())
                .isBetween(200, 200 + rowsBefore - (int) stopped.rows());
        assertThat(collector.events()).isEqualTo(expected(Content.hash(file), 200));
        assertThat(progressFiles()).isEmpty();
    }

    @Test
    void collectorThatStaysAwayEndsSendingAndTheSameCommandContinues() throws Exception {
        // Given
        Path file = csv("a.csv", 30);
        collector.then(Behaviour.ACCEPT);
        for (int i = 0; i < 1000; i++) {
            collector.then(Behaviour.UNAVAILABLE);
        }
        SendSettings oneAtATime =
                new SendSettings(
                        10,
                        DataSize.mebibytes(1),
                        1,
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(2));

        // When
        assertThatThrownBy(
                        () -> sender(oneAtATime).send(inputs(file), options(), SendProgress.NONE))
                .isInstanceOf(SendException.Unreachable.class)
                .hasMessageContaining("HTTP 503")
                .hasMessageContaining("run the same command again");

        // Then
        assertThat(waiting.total()).isGreaterThan(Duration.ofMinutes(2));
        assertThat(progressFiles()).hasSize(1);
        try (FakeCollector next = new FakeCollector()) {
            collector.close();
            SendResult other =
                    new FileSender(next.address(), CONTRACT, SMALL_BATCHES, new FakeWaiting())
                            .send(inputs(file), options(), SendProgress.NONE);
            assertThat(other.resumed()).as("another collector has nothing yet").isZero();
            assertThat(next.events()).hasSize(30);
        }
    }

    @Test
    void nobodyThereIsAClearError() throws Exception {
        // Given
        Path file = csv("a.csv", 30);
        collector.close();

        // Then
        assertThatThrownBy(() -> send(file))
                .isInstanceOf(SendException.Unreachable.class)
                .hasMessageContaining(collector.address().toString());
    }

    @Test
    void refusedRequestEndsWithTheCollectorsWords() throws Exception {
        // Given
        Path file = csv("a.csv", 30);
        collector.then(Behaviour.NOT_FOUND, Behaviour.NOT_FOUND, Behaviour.NOT_FOUND);

        // Then
        assertThatThrownBy(() -> send(file))
                .isInstanceOfSatisfying(
                        SendException.Refused.class,
                        refused -> assertThat(refused.code()).isEqualTo("unknown-contract"))
                .hasMessageContaining("there is no contract readings. write one");
    }

    @Test
    void batchThatIsTooLargeIsCutAndKeepsItsIds() throws Exception {
        // Given
        Path file = csv("a.csv", 64);
        collector.atMost(3);

        // When
        SendResult result = send(file);

        // Then
        assertThat(result.accepted()).isEqualTo(64);
        assertThat(collector.events()).isEqualTo(expected(Content.hash(file), 64));
        assertThat(collector.batchSizes()).allMatch(size -> size <= 3);
    }

    @Test
    void rowThatIsTooLargeAloneIsRefusedAndTheOthersArrive() throws Exception {
        // Given
        Path file = csv("a.csv", 4);
        collector.atMost(0);

        // When
        SendResult result = send(file);

        // Then
        assertThat(result.refused()).isEqualTo(4);
        assertThat(result.accepted()).isZero();
        assertThat(result.rejections().getFirst().code()).isEqualTo("too-large");
    }

    @Test
    void rejectionsAreGroupedWithTheirLines() throws Exception {
        // Given
        Path file = csv("a.csv", 100);
        collector.deadWhen(event -> event.contains("car3"));

        // When
        SendResult result = send(file);

        // Then
        assertThat(result.dead()).isEqualTo(14);
        assertThat(result.accepted()).isEqualTo(86);
        assertThat(result.rejections())
                .singleElement()
                .satisfies(rejection -> {
                    assertThat(rejection.code()).isEqualTo("type");
                    assertThat(rejection.field()).isEqualTo("speed");
                    assertThat(rejection.count()).isEqualTo(14);
                    assertThat(rejection.examples()).hasSize(3);
                    assertThat(rejection.examples().getFirst())
                            .isEqualTo(new SendResult.Example(file.toString(), 5, "not a number"));
                });
    }

    @Test
    void rateIsHeld() throws Exception {
        // Given
        SendOptions options =
                new SendOptions(
                        Optional.empty(),
                        OptionalDouble.of(50),
                        1,
                        Optional.empty(),
                        progressFolder());

        // When
        sender().send(inputs(csv("a.csv", 500)), options, SendProgress.NONE);

        // Then
        assertThat(waiting.total()).isBetween(Duration.ofMillis(9800), Duration.ofSeconds(10));
        assertThat(collector.batchSizes()).allMatch(size -> size == 5);
    }

    @Test
    void everyPassAndEveryKeyMakesOtherEvents() throws Exception {
        // Given
        Path file = csv("a.csv", 12);
        String hash = Content.hash(file);
        SendOptions twice =
                new SendOptions(
                        Optional.empty(),
                        OptionalDouble.empty(),
                        2,
                        Optional.of("run7"),
                        progressFolder());

        // When
        SendResult result = sender().send(inputs(file), twice, SendProgress.NONE);

        // Then
        assertThat(result.accepted()).isEqualTo(24);
        Map<String, String> both = expected("run7-" + hash, 12);
        both.putAll(expected("run7-" + hash + "-2", 12));
        assertThat(collector.events()).isEqualTo(both);
    }

    @Test
    void streamHasAKeyOfItsOwnAndIsNotRepeatable() throws Exception {
        // Given
        byte[] content = "time,car\n1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);

        // When
        SendResult result = null;
        for (int round = 0; round < 2; round++) {
            InputSource stdin = new InputSource.Stream("stdin", new ByteArrayInputStream(content));
            result = sender().send(List.of(stdin), options(), SendProgress.NONE);
        }

        // Then
        assertThat(collector.events()).hasSize(4);
        assertThat(result).isNotNull().extracting(SendResult::repeatable).isEqualTo(false);
    }

    @Test
    void streamWithAKeyIsRepeatable() throws Exception {
        // Given
        byte[] content = "{\"time\":1}\n{\"time\":2}".getBytes(StandardCharsets.UTF_8);
        SendOptions options =
                new SendOptions(
                        Optional.empty(),
                        OptionalDouble.empty(),
                        1,
                        Optional.of("nightly"),
                        progressFolder());

        // When
        for (int round = 0; round < 2; round++) {
            InputSource stdin = new InputSource.Stream("stdin", new ByteArrayInputStream(content));
            assertThat(sender().send(List.of(stdin), options, SendProgress.NONE).repeatable())
                    .isTrue();
        }

        // Then
        assertThat(collector.events()).containsOnlyKeys("nightly/000000", "nightly/000001");
    }

    @Test
    void rowsBeforeABrokenPlaceAreSent() throws Exception {
        // Given
        Path file = Files.writeString(folder.resolve("a.json"), "[{\"a\":1},{\"a\":2},\n{\"a\":");

        // When
        assertThatThrownBy(() -> send(file)).hasMessageContaining("a.json, line 2");

        // Then
        assertThat(collector.events()).hasSize(2);
    }

    @Test
    void progressTellsHowFarItIs() throws Exception {
        // Given
        List<SendProgress.Snapshot> snapshots = Collections.synchronizedList(new ArrayList<>());

        // When
        sender().send(inputs(csv("a.csv", 300)), options(), snapshots::add);

        // Then
        SendProgress.Snapshot last = snapshots.getLast();
        assertThat(last.rows()).isEqualTo(300);
        assertThat(last.share().orElse(0)).isEqualTo(1.0);
    }

    @Test
    void loopOverAStreamIsRefused() {
        SendOptions loop =
                new SendOptions(
                        Optional.empty(),
                        OptionalDouble.empty(),
                        0,
                        Optional.empty(),
                        progressFolder());
        InputSource stdin =
                new InputSource.Stream("stdin", new ByteArrayInputStream(new byte[] {'{'}));
        assertThatThrownBy(() -> sender().send(List.of(stdin), loop, SendProgress.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("loop over a file");
    }
}
