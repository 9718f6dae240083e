package leat.ml.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.ml.testing.MemoryLog;
import leat.stream.log.EventHeader;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

final class BesideVectorsTest {

    private static final TopicId EVENTS = new TopicId("AAAAAAAAAAAAAAAAAAAAAQ");
    private static final TopicPartition VECTORS = new TopicPartition("t.vectors.strain.v1", 0);

    private final MemoryLog log = new MemoryLog(EVENTS);
    private final BesideVectors vectors = new BesideVectors(log, VECTORS, Duration.ofMillis(20));

    private static Position event(long offset) {
        return new Position(EVENTS, 0, offset);
    }

    private static List<Position> events(long... offsets) {
        return Arrays.stream(offsets).mapToObj(BesideVectorsTest::event).toList();
    }

    private void write(Position event) {
        ConsumerRecord<byte[], byte[]> vector = log.append(VECTORS, 0, new byte[] {'{', '}'});
        EventHeader.add(vector.headers(), EventHeaders.VIEW, "strain.v1");
        EventHeader.add(vector.headers(), EventHeaders.POSITION, event.toString());
    }

    private void write(long... events) {
        Arrays.stream(events).forEach(offset -> write(event(offset)));
    }

    private List<Long> found(long... events) {
        Map<Position, ConsumerRecord<byte[], byte[]>> found = vectors.of(events(events));
        found.forEach((event, vector) -> assertThat(BesideVectors.event(vector)).contains(event));
        return found.keySet().stream().map(Position::offset).sorted().toList();
    }

    @Test
    void vectorsAreFoundByTheirEventsWhoeverElseHasOne() {
        write(1, 3, 4, 7, 9);

        assertThat(found(3, 7)).containsExactly(3L, 7L);
        assertThat(found(9)).containsExactly(9L);
    }

    @Test
    void aBatchThatComesAgainIsFoundAgain() {
        write(1, 3, 4, 7, 9);

        assertThat(found(3, 7, 9)).containsExactly(3L, 7L, 9L);
        assertThat(found(3, 7, 9)).containsExactly(3L, 7L, 9L);
        assertThat(found(7)).containsExactly(7L);
    }

    @Test
    void whatALaterEventsVectorHasPassedIsNotThere() {
        write(1, 4);

        assertThat(found(1, 2, 3, 4)).containsExactly(1L, 4L);
    }

    @Test
    void whatIsNotWrittenYetIsWaitedForAndFoundOnceItIs() {
        write(1);

        assertThatThrownBy(() -> found(1, 2))
                .isInstanceOf(LogUnavailable.class)
                .hasMessage(
                        "t.vectors.strain.v1-0 has no vector of the event " + event(2) + " yet");
        write(2);
        assertThat(found(1, 2)).containsExactly(1L, 2L);
    }

    @Test
    void whatWasDeletedIsNotThere() {
        write(1, 2, 3, 4);
        log.delete(VECTORS.topic(), 2);

        assertThat(found(1, 2, 3)).containsExactly(3L);
    }

    @Test
    void vectorsOfEventsOfAnotherTopicAreOthers() {
        write(new Position(new TopicId("AAAAAAAAAAAAAAAAAAAAAg"), 0, 5));

        assertThat(found(5)).isEmpty();
        assertThat(found(7)).isEmpty();
    }

    @Test
    void whatForeignersWroteIsPassedOver() {
        ConsumerRecord<byte[], byte[]> foreign = log.append(VECTORS, 0, new byte[0]);
        EventHeader.add(foreign.headers(), EventHeaders.POSITION, event(1).toString());
        ConsumerRecord<byte[], byte[]> nowhere = log.append(VECTORS, 0, new byte[0]);
        EventHeader.add(nowhere.headers(), EventHeaders.VIEW, "strain.v1");
        EventHeader.add(nowhere.headers(), EventHeaders.POSITION, "somewhere");
        write(2);

        assertThat(found(1, 2)).containsExactly(2L);
    }

    @Test
    void anyEventsAreFoundInAnyOrderOfBatches() {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        Random random = new Random(seed);
        TreeSet<Long> all = new TreeSet<>();
        for (long offset = 0; offset < 20_000; offset += 1 + random.nextInt(4)) {
            all.add(offset);
            write(offset);
        }
        long last = all.getLast();
        for (int batch = 0; batch < 200; batch++) {
            long from = random.nextLong(last);
            long[] asked =
                    IntStream.range(0, 1 + random.nextInt(50))
                            .mapToLong(i -> Math.min(last, from + 3L * i))
                            .distinct()
                            .toArray();
            assertThat(found(asked))
                    .as("seed %d, batch %d", seed, batch)
                    .containsExactlyElementsOf(
                            Arrays.stream(asked).boxed().filter(all::contains).toList());
        }
        assertThat(log.read()).as("records read").isLessThan(1_000_000);
    }
}
