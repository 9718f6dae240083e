package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.stream.enricher.EnricherProcessor;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.EventJudge;
import leat.stream.enricher.Flow;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The enricher on a log in memory: two instances, crashes at any step, aborted and unknown
/// transactions, rebalances, torn journals, duplicates, poison and oversized events. What stands on
/// the outputs is compared with exactness rule 1 taken literally.
final class EnricherSimulationTest {

    private static final int RUNS = Integer.getInteger("leat.simulation.runs", 2_000);
    private static final long WINDOW_MILLIS = 60_000;
    private static final List<String> MEMBERS = List.of("a", "b");

    @TempDir private Path folder;

    @Test
    void neverLosesNorDoublesWhateverFails() throws IOException {
        long base = Long.getLong("leat.simulation.seed", System.nanoTime());
        EnricherProcessorPair processors = new EnricherProcessorPair(folder);
        for (int run = 0; run < RUNS; run++) {
            long seed = base + run;
            try {
                new Run(new Random(seed), processors).check();
            } catch (AssertionError | RuntimeException e) {
                fail("failed with -Dleat.simulation.runs=1 -Dleat.simulation.seed=" + seed, e);
            }
            processors.forget();
        }
    }

    /// Both instances' logic; the identities' journals are theirs alone.
    private static final class EnricherProcessorPair {
        private final Path folder;
        private final Map<String, EnricherProcessor> byMember = new HashMap<>();
        private final Map<String, EnricherProcessor> waiting = new HashMap<>();

        EnricherProcessorPair(Path folder) {
            this.folder = folder;
            for (String member : MEMBERS) {
                EnricherSettings settings = EnricherSettings.DEFAULT;
                byMember.put(
                        member,
                        new EnricherProcessor(
                                List.of(flow(EnricherSimulationTest::judge)),
                                settings,
                                folder.resolve(member)));
                waiting.put(
                        member,
                        new EnricherProcessor(
                                List.of(flow(new WaitingJudge())),
                                settings,
                                folder.resolve(member)));
            }
        }

        EnricherProcessor of(String member, boolean waits) {
            return Objects.requireNonNull((waits ? waiting : byMember).get(member));
        }

        /// A kill leaves the newest journal torn somewhere.
        void tear(String member, Random random) throws IOException {
            List<Path> files = journals(folder.resolve(member));
            if (!files.isEmpty() && random.nextBoolean()) {
                Path file = files.get(random.nextInt(files.size()));
                byte[] bytes = Files.readAllBytes(file);
                byte[] torn = java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
                if (torn.length > 0 && random.nextInt(4) == 0) {
                    torn[random.nextInt(torn.length)] ^= 1;
                }
                Files.write(file, torn);
            }
        }

        void forget() throws IOException {
            for (Path file : journals(folder)) {
                Files.delete(file);
            }
        }

        private static List<Path> journals(Path root) throws IOException {
            if (!Files.isDirectory(root)) {
                return List.of();
            }
            try (Stream<Path> files = Files.walk(root)) {
                return files.filter(Files::isRegularFile).sorted().toList();
            }
        }
    }

    /// Judges the same, aside.
    private static final class WaitingJudge implements EventJudge {
        @Override
        public boolean waits() {
            return true;
        }

        @Override
        public Verdict judge(byte[] value, @Nullable String ceTime, long appendMicros) {
            return EnricherSimulationTest.judge(value, ceTime, appendMicros);
        }
    }

    private static Flow flow(EventJudge judge) {
        return new Flow(
                "sim", "1.0.0", "raw", "enriched", "dead", Duration.ofMillis(WINDOW_MILLIS), judge);
    }

    /// `G` is good, `R` is refused, `X` breaks the code, `L` becomes too large, `H` is too large
    /// even for the dead letters.
    private static EventJudge.Verdict judge(
            byte[] value, @Nullable String ceTime, long appendMicros) {
        return switch (value[0]) {
            case 'R' ->
                    new EventJudge.Verdict.Refused(
                            List.of(new Reason(ReasonCode.TYPE, "f", "wrong")));
            case 'X' -> throw new IllegalStateException("a bug");
            case 'L', 'H' ->
                    new EventJudge.Verdict.Enriched(
                            new byte[SimulatedStageLog.MAX_VALUE_BYTES + 1], appendMicros);
            default -> new EventJudge.Verdict.Enriched(value, eventMicros(appendMicros));
        };
    }

    /// Some events happened long before they came.
    private static long eventMicros(long appendMicros) {
        return appendMicros - (appendMicros / 1_000 % 7 == 0 ? 7_200_000_000L : 0);
    }

    /// One seeded history.
    private static final class Run {
        private final Random random;
        private final EnricherProcessorPair processors;
        private final SimulatedCluster cluster;
        private final Map<String, Member> members = new HashMap<>();
        private final double faultRate;
        private final boolean waits;
        private long clockMillis = 1_700_000_000_000L;

        /// @param aside what waits for a turn of its own
        private record Member(Stage stage, SimulatedStageLog log, Deque<Runnable> aside) {}

        Run(Random random, EnricherProcessorPair processors) {
            this.random = random;
            this.processors = processors;
            this.faultRate = random.nextInt(3) * 0.02;
            this.waits = random.nextBoolean();
            this.cluster =
                    new SimulatedCluster(
                            List.of(new TopicPartition("raw", 0), new TopicPartition("raw", 1)));
        }

        void check() throws IOException {
            MEMBERS.forEach(this::start);
            rebalance();
            int turns = 20 + random.nextInt(60);
            for (int turn = 0; turn < turns; turn++) {
                switch (random.nextInt(8)) {
                    case 0, 1, 2 -> append();
                    case 3 -> {
                        if (random.nextInt(4) == 0) {
                            rebalance();
                        }
                    }
                    default -> step(MEMBERS.get(random.nextInt(MEMBERS.size())));
                }
            }
            members.values().forEach(member -> member.log().heal());
            for (int turn = 0; turn < 2_000 && !cluster.done(); turn++) {
                step(MEMBERS.get(turn % MEMBERS.size()));
            }
            assertThat(cluster.done()).as("everything is processed").isTrue();
            for (TopicPartition partition : cluster.partitions()) {
                List<String> expected = expected(partition);
                assertThat(outputs(partition)).isEqualTo(expected);
                assertThat(cluster.committed(partition).counts())
                        .as("counted in %s", partition)
                        .isEqualTo(counts(partition, expected));
            }
            for (Member member : members.values()) {
                member.stage().close();
                member.stage().run();
            }
        }

        private void start(String member) {
            SimulatedStageLog log = new SimulatedStageLog(cluster, member, random, faultRate);
            StageSettings settings =
                    new StageSettings(
                            new Names("sim"),
                            "enricher",
                            member,
                            1,
                            List.of("raw"),
                            100,
                            1 << 20,
                            Duration.ofMillis(10));
            Deque<Runnable> aside = new ArrayDeque<>();
            Stage stage =
                    new Stage(
                            settings,
                            log,
                            cluster,
                            processors.of(member, waits),
                            aside::add,
                            new SimulatedTicker());
            members.put(member, new Member(stage, log, aside));
        }

        private void step(String name) throws IOException {
            Member member = Objects.requireNonNull(members.get(name));
            try {
                while (!member.aside().isEmpty() && random.nextInt(3) > 0) {
                    member.aside().pop().run();
                }
                member.stage().step();
            } catch (SimulatedStageLog.Crash _) {
                cluster.kick(name);
                processors.tear(name, random);
                start(name);
            }
        }

        private void rebalance() {
            for (TopicPartition partition : cluster.partitions()) {
                cluster.want(partition, MEMBERS.get(random.nextInt(MEMBERS.size())));
            }
        }

        private void append() {
            int count = random.nextInt(10);
            for (int i = 0; i < count; i++) {
                int partition = random.nextInt(2);
                clockMillis +=
                        switch (random.nextInt(40)) {
                            case 0 -> -20_000;
                            case 1 -> WINDOW_MILLIS;
                            case 2 -> 10 * WINDOW_MILLIS;
                            case 3 -> WINDOW_MILLIS - 1;
                            default -> random.nextInt(3_000);
                        };
                TopicPartition topicPartition = new TopicPartition("raw", partition);
                long offset = cluster.end(topicPartition) + random.nextInt(10) / 9;
                cluster.append(record(partition, offset));
            }
        }

        private ConsumerRecord<byte[], byte[]> record(int partition, long offset) {
            RecordHeaders headers = new RecordHeaders();
            if (random.nextInt(12) > 0) {
                EventHeader.add(headers, EventHeaders.SOURCE, "s");
                EventHeader.add(headers, EventHeaders.ID, "id" + random.nextInt(25));
                if (random.nextInt(10) == 0) {
                    EventHeader.add(headers, EventHeaders.ATTEMPT, "1");
                }
            }
            String kinds = "GGGGGGGGGGGGRRXLH";
            char kind = kinds.charAt(random.nextInt(kinds.length()));
            byte[] value =
                    (kind == 'H' ? "H".repeat(SimulatedStageLog.MAX_VALUE_BYTES + 1) : kind + "v")
                            .getBytes(StandardCharsets.UTF_8);
            return new ConsumerRecord<>(
                    "raw",
                    partition,
                    offset,
                    clockMillis,
                    TimestampType.LOG_APPEND_TIME,
                    0,
                    value.length,
                    new byte[0],
                    value,
                    headers,
                    Optional.empty());
        }

        /// `enriched@7` and `dead@8`, in the order in which they were written.
        private List<String> outputs(TopicPartition partition) {
            List<String> outputs = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : cluster.written()) {
                String position =
                        Objects.requireNonNull(
                                EventHeader.text(record.headers(), EventHeaders.POSITION));
                if (Objects.requireNonNull(record.partition()) == partition.partition()) {
                    Position source = Position.parse(position);
                    assertThat(source.partition()).isEqualTo(partition.partition());
                    outputs.add(record.topic() + "@" + source.offset());
                }
            }
            return outputs;
        }

        private Counts counts(TopicPartition partition, List<String> outputs) {
            long enriched = outputs.stream().filter(at -> at.startsWith("enriched@")).count();
            return new Counts(
                    enriched,
                    outputs.size() - enriched,
                    cluster.records(partition).size() - outputs.size(),
                    times(partition, outputs));
        }

        /// The definition of watermark and lateness by its own words, in O(n²).
        private EventTimes times(TopicPartition partition, List<String> outputs) {
            List<ConsumerRecord<byte[], byte[]>> passed =
                    cluster.records(partition).stream()
                            .filter(raw -> outputs.contains("enriched@" + raw.offset()))
                            .toList();
            List<Long> times =
                    passed.stream().map(raw -> eventMicros(raw.timestamp() * 1_000)).toList();
            List<Long> late = new ArrayList<>();
            for (Duration bound : EventTimes.BOUNDS) {
                long count = 0;
                for (int i = 1; i < times.size(); i++) {
                    long watermark = java.util.Collections.max(times.subList(0, i));
                    count += watermark - times.get(i) > bound.toNanos() / 1_000 ? 1 : 0;
                }
                late.add(count);
            }
            return passed.isEmpty()
                    ? EventTimes.NONE
                    : new EventTimes(
                            java.util.Collections.max(times),
                            passed.stream()
                                    .mapToLong(ConsumerRecord::timestamp)
                                    .max()
                                    .orElseThrow(),
                            passed.size(),
                            late);
        }

        /// Rule 1 by its own words, in O(n²).
        private List<String> expected(TopicPartition partition) {
            List<ConsumerRecord<byte[], byte[]>> records = cluster.records(partition);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < records.size(); i++) {
                ConsumerRecord<byte[], byte[]> record = records.get(i);
                boolean duplicate = false;
                for (int j = 0; j < i; j++) {
                    duplicate |=
                            EventHeader.identity(record.headers()).isPresent()
                                    && EventHeader.identity(record.headers())
                                            .equals(EventHeader.identity(records.get(j).headers()))
                                    && record.timestamp() - records.get(j).timestamp()
                                            <= WINDOW_MILLIS;
                }
                if (!duplicate) {
                    expected.add(
                            (record.value()[0] == 'G' ? "enriched@" : "dead@") + record.offset());
                }
            }
            return expected;
        }
    }
}
