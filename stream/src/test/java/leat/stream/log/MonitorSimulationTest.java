package leat.stream.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.stream.monitor.Judged;
import leat.stream.monitor.MonitorProcessor;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The monitor on a log in memory: two instances, crashes at any step, aborted and unknown
/// transactions, rebalances. Every window's verdict stands once on the topic of results, and is
/// that of a recomputation from all events.
final class MonitorSimulationTest {

    private static final int RUNS = Integer.getInteger("leat.simulation.runs", 300);
    private static final List<String> MEMBERS = List.of("a", "b");
    private static final Names NAMES = new Names("sim");
    private static final MonitorTopics TOPICS = new MonitorTopics(NAMES);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final long WINDOW_MILLIS = 60_000;
    private static final Contract CONTRACT =
            OdcsReader.read(
                            Path.of("ride.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: ride
                            version: 1.0.0
                            status: active
                            schema:
                              - name: ride
                                quality:
                                  - {name: volume, metric: rowCount, mustBeGreaterThan: 5,
                                     severity: error}
                                  - name: twice
                                    metric: duplicateValues
                                    arguments: {properties: [car]}
                                    mustBe: 0
                                properties:
                                  - {name: car, logicalType: integer}
                                  - name: speed
                                    logicalType: integer
                                    quality: [{name: known, metric: nullValues, mustBe: 0}]
                            customProperties:
                              - {property: leat.partitions, value: 2}
                              - property: leat.alerts
                                value: [{name: refused, on: dead, mustBe: 0}]
                            """)
                    .orThrow();

    /// What a view of the same events expects of its vectors.
    private static final Contract VECTORS =
            FeatureViewReader.read(
                            Path.of("speeds.yaml"),
                            """
                            entity: car
                            source: ride
                            key: car
                            features:
                              - {name: speed, expression: event.speed,
                                 expect: {metric: nullValues}}
                            expect: {metric: rowCount, mustBeGreaterThan: 5}
                            """,
                            new Contracts(List.of(CONTRACT)))
                    .orThrow()
                    .contract();

    private static final Judged JUDGED = new Judged(List.of(CONTRACT), List.of(VECTORS));

    @Test
    void everyWindowIsJudgedOnceWhateverFails() {
        long base = Long.getLong("leat.simulation.seed", System.nanoTime());
        for (int run = 0; run < RUNS; run++) {
            long seed = base + run;
            try {
                new Run(new Random(seed)).check();
            } catch (AssertionError | RuntimeException e) {
                fail("failed with -Dleat.simulation.runs=1 -Dleat.simulation.seed=" + seed, e);
            }
        }
    }

    /// An event as the recomputation knows it.
    private record Event(long appendMillis, What what, long car, boolean known) {}

    private enum What {
        ENRICHED,
        DEAD,
        VECTOR
    }

    /// One seeded history.
    private static final class Run {
        private final Random random;
        private final SimulatedCluster cluster;
        private final Map<String, Member> members = new HashMap<>();
        private final List<TopicPartition> read = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();
        private final double faultRate;
        private long clockMillis = 1_700_000_000_000L;

        private record Member(Stage stage, SimulatedStageLog log, Deque<Runnable> aside) {}

        Run(Random random) {
            this.random = random;
            this.faultRate = random.nextInt(3) * 0.02;
            for (String topic : new MonitorProcessor(NAMES, JUDGED).topics()) {
                read.add(new TopicPartition(topic, 0));
                if (!topic.equals(TOPICS.inputs())) {
                    read.add(new TopicPartition(topic, 1));
                }
            }
            List<TopicPartition> all = new ArrayList<>(read);
            all.add(new TopicPartition(TOPICS.state(), 0));
            this.cluster = new SimulatedCluster(all);
        }

        void check() {
            MEMBERS.forEach(this::start);
            rebalance();
            for (int turn = 60 + random.nextInt(200); turn > 0; turn--) {
                switch (random.nextInt(10)) {
                    case 0, 1 -> append();
                    case 2 -> pass();
                    case 3 -> {
                        if (random.nextInt(4) == 0) {
                            rebalance();
                        }
                    }
                    default -> step(MEMBERS.get(random.nextInt(MEMBERS.size())));
                }
            }
            members.values().forEach(member -> member.log().heal());
            drain();
            clockMillis += 3 * WINDOW_MILLIS;
            pass();
            drain();
            compare();
        }

        private void start(String member) {
            SimulatedStageLog log =
                    new SimulatedStageLog(cluster, member, random, faultRate).roomy();
            StageSettings settings =
                    new StageSettings(
                            NAMES,
                            "monitor",
                            member,
                            1,
                            List.of(),
                            100,
                            1 << 20,
                            Duration.ofMillis(10));
            Deque<Runnable> aside = new ArrayDeque<>();
            Stage stage =
                    new Stage(
                            settings,
                            log,
                            cluster,
                            new MonitorProcessor(NAMES, JUDGED),
                            aside::add,
                            new SimulatedTicker());
            members.put(member, new Member(stage, log, aside));
        }

        private void step(String name) {
            Member member = Objects.requireNonNull(members.get(name));
            try {
                while (!member.aside().isEmpty() && random.nextInt(3) > 0) {
                    member.aside().pop().run();
                }
                member.stage().step();
            } catch (SimulatedStageLog.Crash _) {
                cluster.kick(name);
                start(name);
            }
        }

        private void drain() {
            for (int turn = 0; turn < 3_000 && !done(); turn++) {
                step(MEMBERS.get(turn % MEMBERS.size()));
            }
            assertThat(done()).as("everything is processed").isTrue();
        }

        private boolean done() {
            return read.stream().allMatch(this::counted);
        }

        private boolean counted(TopicPartition partition) {
            return cluster.committed(partition).offset() >= cluster.end(partition);
        }

        private void rebalance() {
            read.forEach(partition ->
                    cluster.want(partition, MEMBERS.get(random.nextInt(MEMBERS.size()))));
        }

        private void append() {
            for (int i = random.nextInt(8); i > 0; i--) {
                clockMillis += random.nextInt(40) == 0 ? 150_000 : random.nextInt(8_000);
                int partition = random.nextInt(2);
                What what =
                        switch (random.nextInt(12)) {
                            case 0 -> What.DEAD;
                            case 1, 2, 3, 4 -> What.VECTOR;
                            default -> What.ENRICHED;
                        };
                boolean known = random.nextInt(20) > 0;
                long car = random.nextInt(30);
                events.add(new Event(clockMillis, what, car, known));
                String time = Instant.ofEpochMilli(clockMillis).toString();
                String begin =
                        what == What.VECTOR
                                ? "{\"entity\":\"" + car + "\",\"query_time\":\"" + time + "\""
                                : "{\"car\":" + car;
                String json = known ? begin + ",\"speed\":1}" : begin + "}";
                String topic =
                        switch (what) {
                            case DEAD -> NAMES.dead(CONTRACT, Names.DeadStage.ENRICHER);
                            case ENRICHED -> NAMES.enriched(CONTRACT);
                            case VECTOR -> NAMES.vectors(VECTORS);
                        };
                append(topic, partition, clockMillis, json);
            }
        }

        private void append(String topic, int partition, long timestamp, String json) {
            RecordHeaders headers = new RecordHeaders();
            EventHeader.add(headers, EventHeaders.EVENT_TIME, Long.toString(timestamp * 1_000));
            byte[] value = json.getBytes(StandardCharsets.UTF_8);
            cluster.append(
                    new ConsumerRecord<>(
                            topic,
                            partition,
                            cluster.end(new TopicPartition(topic, partition)),
                            timestamp,
                            TimestampType.CREATE_TIME,
                            0,
                            value.length,
                            new byte[0],
                            value,
                            headers,
                            Optional.empty()));
        }

        /// Says of the sources that are wholly counted that they are, as of now.
        private void pass() {
            pass(CONTRACT);
            pass(VECTORS);
        }

        private void pass(Contract contract) {
            List<String> sources = new ArrayList<>();
            for (TopicPartition partition : read) {
                if (partition.topic().endsWith("." + contract.nameAndMajor())
                        && counted(partition)) {
                    String kind = List.of(partition.topic().split("\\.", -1)).get(1);
                    sources.add("\"" + kind + "/" + partition.partition() + "\"");
                }
            }
            append(
                    TOPICS.inputs(),
                    0,
                    clockMillis,
                    "{\"kind\":\"passed\",\"contract\":\""
                            + contract.nameAndMajor()
                            + "\",\"through\":"
                            + clockMillis
                            + ",\"sources\":["
                            + String.join(",", sources)
                            + "]}");
        }

        private void compare() {
            compare(CONTRACT);
            compare(VECTORS);
        }

        private void compare(Contract contract) {
            List<String> found = new ArrayList<>();
            Set<Long> starts = new TreeSet<>();
            for (ProducerRecord<byte[], byte[]> record : cluster.written()) {
                if (record.topic().equals(TOPICS.results())) {
                    JsonNode node = JSON.readTree(record.value());
                    if (!node.path("contract").asString("").equals(contract.nameAndMajor())) {
                        continue;
                    }
                    long start =
                            Instant.parse(node.path("windowStart").asString("")).toEpochMilli();
                    starts.add(start);
                    found.add(
                            line(
                                    node.path("rule").asString(""),
                                    start,
                                    (long) node.path("value").asDouble(),
                                    node.path("verdict").asString("")));
                }
            }
            long first = starts.iterator().next();
            long last = Math.floorDiv(clockMillis, WINDOW_MILLIS) * WINDOW_MILLIS;
            List<String> expected = new ArrayList<>();
            for (long start = first; start + WINDOW_MILLIS <= last; start += WINDOW_MILLIS) {
                if (contract.equals(CONTRACT)) {
                    expectOfEvents(start, expected);
                } else {
                    expectOfVectors(start, expected);
                }
            }
            assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
        }

        private List<Event> within(long start) {
            return events.stream()
                    .filter(event ->
                            event.appendMillis() >= start
                                    && event.appendMillis() < start + WINDOW_MILLIS)
                    .toList();
        }

        private void expectOfEvents(long start, List<String> expected) {
            long rows = 0;
            long unknown = 0;
            long dead = 0;
            Set<Long> cars = new HashSet<>();
            for (Event event : within(start)) {
                if (event.what() == What.DEAD) {
                    dead++;
                } else if (event.what() == What.ENRICHED) {
                    rows++;
                    unknown += event.known() ? 0 : 1;
                    cars.add(event.car());
                }
            }
            expected.add(line("volume", start, rows, rows > 5));
            expected.add(line("twice", start, rows - cars.size(), rows == cars.size()));
            expected.add(line("known", start, unknown, unknown == 0));
            expected.add(line("refused", start, dead, dead == 0));
        }

        private void expectOfVectors(long start, List<String> expected) {
            List<Event> vectors =
                    within(start).stream().filter(event -> event.what() == What.VECTOR).toList();
            long unknown = vectors.stream().filter(event -> !event.known()).count();
            expected.add(line("rowcount", start, vectors.size(), vectors.size() > 5));
            expected.add(line("speed-nullvalues", start, unknown, unknown == 0));
        }

        private static String line(String rule, long start, long value, boolean passed) {
            return line(rule, start, value, passed ? "passed" : "failed");
        }

        private static String line(String rule, long start, long value, String verdict) {
            return rule + "@" + start + " " + value + " " + verdict;
        }
    }
}
