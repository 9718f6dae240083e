package leat.ml.monitor;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import leat.core.alert.Alert;
import leat.core.alert.AlertWatch;
import leat.core.contract.Contracts;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.monitor.Recomputed;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.ml.testing.MemoryLog;
import leat.stream.log.EventHeader;
import leat.stream.log.PartitionBatch;
import leat.stream.monitor.MonitorTopics;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A log in memory with the vectors and predictions of a scoring `risk.v1`, and the watching of it,
/// driven by hand: one call of [#window] is one window of a minute.
final class WatchedLog {

    static final Names NAMES = new Names("t");
    static final long BEGIN = 1_800_000_000_000L;
    static final long LENGTH = 60_000;
    static final int ROWS = 300;

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int PARTITIONS = 2;

    private static final String READINGS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: readings
            version: 1.0.0
            status: active
            schema:
              - name: readings
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: car, logicalType: string, required: true}
                  - {name: a, logicalType: number}
                  - {name: gear, logicalType: string}
                  - {name: served, logicalType: timestamp}
            customProperties:
              - {property: leat.key, value: car}
              - {property: leat.time, value: time}
              - {property: leat.partitions, value: 2}
            """;

    private static final String DRIVING =
            """
            entity: car
            source: readings
            features:
              - {name: a, expression: event.a}
              - {name: gear, expression: event.gear}
              - {name: served, expression: event.served}
            """;

    private static final String STRAIN =
            """
            entity: car
            source: readings
            features:
              - {name: force, expression: event.a}
            """;

    /// The gear of the one view and the force of the other.
    private static final String BOTH =
            """
            entity: car
            features:
              - {view: driving, names: [gear]}
              - {view: strain, names: [force], rename: {force: pull}}
            """;

    private static final String OF_VIEW = "view: driving\nfeatures: [a, gear]\n";
    private static final String OF_SET = "set: both\n";

    Scoring scoring;
    final SplittableRandom random = new SplittableRandom(42);
    TrainedVersion.Source trained = _ -> TrainedVersion.UNKNOWN;

    /// What becomes of predictions that are made again.
    Function<List<ConsumerRecord<byte[], byte[]>>, Map<String, Recomputed>> again = _ -> Map.of();

    /// What becomes of the values of `a`.
    DoubleUnaryOperator grid = DoubleUnaryOperator.identity();

    private final MemoryLog log = new MemoryLog(new TopicId("AAAAAAAAAAAAAAAAAAAAAQ"));
    private final StandingAlerts standing = new StandingAlerts();
    private WatchingPartition watching;
    private long nowMillis = BEGIN;
    private long inputs;

    /// What the cars of a window are like.
    ///
    /// @param absent the share of vectors without `a`, of which there are no predictions
    record Traffic(String version, int rows, double shift, double absent, boolean shadow) {
        static final Traffic USUAL = new Traffic("risk/1", ROWS, 0, 0, false);

        Traffic shifted(double by) {
            return new Traffic(version, rows, by, absent, shadow);
        }

        Traffic absent(double share) {
            return new Traffic(version, rows, shift, share, shadow);
        }

        Traffic rows(int count) {
            return new Traffic(version, count, shift, absent, shadow);
        }

        Traffic by(String other) {
            return new Traffic(other, rows, shift, absent, shadow);
        }

        Traffic ofShadow() {
            return new Traffic(version, rows, shift, absent, true);
        }
    }

    /// @param monitoring keys of `monitoring`, beside a window of a minute
    WatchedLog(String monitoring) {
        this(scoring("window: 1m\n" + monitoring));
    }

    private WatchedLog(Scoring scoring) {
        this.scoring = scoring;
        this.watching = open();
        passed(BEGIN);
    }

    /// Of a scoring of `gear` and, of another view, `pull`.
    static WatchedLog ofSet() {
        return new WatchedLog(scoring(OF_SET, "window: 1m\n"));
    }

    /// The scoring `risk.v1`.
    ///
    /// @param monitoring keys of `monitoring`
    static Scoring scoring(String monitoring) {
        return scoring(OF_VIEW, monitoring);
    }

    private static Scoring scoring(String given, String monitoring) {
        Contracts contracts =
                new Contracts(
                        List.of(
                                OdcsReader.read(Path.of("readings.odcs.yaml"), READINGS)
                                        .orThrow()));
        String text =
                """
                scoring:
                  model: risk
                  outputs: {score: variable}
                  challengers: [{alias: next, shadow: true}]
                """
                        + given.indent(2)
                        + "monitoring:\n"
                        + monitoring.indent(2);
        List<CompiledView> views =
                List.of(view("driving", DRIVING, contracts), view("strain", STRAIN, contracts));
        FeatureSet both = FeatureSetReader.read(Path.of("both.yaml"), BOTH, views).orThrow();
        return ScoringReader.read(
                        Path.of("risk.yaml"),
                        text,
                        ScoringReader.Known.sound(contracts, views, List.of(both)))
                .orThrow();
    }

    private static CompiledView view(String name, String text, Contracts contracts) {
        return FeatureViewReader.read(Path.of(name + ".yaml"), text, contracts).orThrow();
    }

    private WatchingPartition open() {
        return WatchingPartition.restore(
                NAMES,
                List.of(scoring),
                new WatchingPartition.Known(
                        version -> trained.of(version),
                        (_, _, predictions) -> again.apply(predictions)),
                log,
                standing);
    }

    /// The same log is watched by another file.
    ///
    /// @param monitoring keys of `monitoring`, beside a window of a minute
    void restartWith(String monitoring) {
        scoring = scoring("window: 1m\n" + monitoring);
        restart();
    }

    /// What was not committed is lost, the rest is read again.
    void restart() {
        watching.close();
        watching = open();
    }

    /// A window passes in which these cars drove, and is judged.
    void window(Traffic... traffic) {
        drive(traffic);
        judge();
    }

    /// A window passes and nobody judges it yet.
    void drive(Traffic... traffic) {
        for (Traffic one : traffic) {
            for (int row = 0; row < one.rows(); row++) {
                long millis = nowMillis + LENGTH * row / one.rows();
                write(one, row % PARTITIONS, millis);
            }
        }
        nowMillis += LENGTH;
    }

    private void write(Traffic traffic, int partition, long millis) {
        double a = grid.applyAsDouble(random.nextGaussian()) + traffic.shift();
        boolean absent = random.nextDouble() < traffic.absent();
        if (!traffic.shadow()) {
            append(
                    NAMES.vectors(scoring.view().contract()),
                    partition,
                    millis,
                    "",
                    vector(millis, absent ? "" : ",\"a\":" + a, random.nextInt(4)));
            scoring.beside()
                    .forEach(view ->
                            append(
                                    NAMES.vectors(view.contract()),
                                    partition,
                                    millis,
                                    "",
                                    whose(millis) + (absent ? "" : ",\"force\":" + a) + "}"));
        }
        append(
                NAMES.predictions(
                        traffic.shadow()
                                ? scoring.shadowContract().orElseThrow()
                                : scoring.contract()),
                partition,
                millis,
                traffic.version(),
                prediction(
                        millis,
                        absent ? ",\"failure\":\"no a\"" : ",\"score\":" + Math.tanh(a),
                        traffic.version()));
    }

    /// A car is predicted to break down, or not.
    void foretell(String car, double score, long millis) {
        append(
                NAMES.predictions(scoring.contract()),
                0,
                millis,
                "risk/1",
                prediction(millis, ",\"score\":" + score, "risk/1")
                        .replace("\"car\"", "\"" + car + "\""));
    }

    /// A version is run for so many rows in the window that comes.
    void took(String version, int rows, double millisARow) {
        ConsumerRecord<byte[], byte[]> record =
                log.append(
                        new TopicPartition(NAMES.predictions(scoring.contract()), 0),
                        nowMillis,
                        prediction(nowMillis, ",\"score\":0.5", version).getBytes(UTF_8));
        EventHeader.add(record.headers(), EventHeaders.MODEL, version);
        EventHeader.add(
                record.headers(),
                EventHeaders.MODEL_TOOK,
                rows + "/" + Math.round(rows * millisARow * 1e6));
    }

    /// A car breaks down.
    void happen(String car, long millis) {
        String event =
                "{\"time\":\""
                        + Instant.ofEpochMilli(millis)
                        + "\",\"car\":\""
                        + car
                        + "\",\"a\":99.0}";
        ConsumerRecord<byte[], byte[]> record =
                log.append(
                        new TopicPartition(NAMES.enriched(scoring.view().source()), PARTITIONS - 1),
                        millis,
                        event.getBytes(UTF_8));
        EventHeader.add(record.headers(), EventHeaders.EVENT_TIME, Long.toString(millis * 1_000));
    }

    long nowMillis() {
        return nowMillis;
    }

    static String vector(long millis, String a, int gear) {
        return whose(millis) + a + ",\"gear\":\"g" + gear + "\"}";
    }

    static String prediction(long millis, String value, String version) {
        return whose(millis)
                + value
                + ",\"role\":\"champion\",\"model_version\":\""
                + version
                + "\",\"alias\":\"champion\",\"view\":\"driving.v1\",\"vector\":\"V/0@0\"}";
    }

    private static String whose(long millis) {
        return "{\"entity\":\"car\",\"query_time\":\""
                + Instant.ofEpochMilli(millis - 1_500)
                + "\"";
    }

    private void append(String topic, int partition, long millis, String version, String value) {
        ConsumerRecord<byte[], byte[]> record =
                log.append(new TopicPartition(topic, partition), millis, value.getBytes(UTF_8));
        EventHeader.add(
                record.headers(), EventHeaders.EVENT_TIME, Long.toString((millis - 1_500) * 1_000));
        if (!version.isEmpty()) {
            EventHeader.add(record.headers(), EventHeaders.MODEL, version);
        }
    }

    /// The watching hears that all windows up to now are over.
    void judge() {
        passed(nowMillis);
    }

    private void passed(long through) {
        take(new ModelInput.Passed("risk.v1", through).bytes());
    }

    /// The watching takes an input in and its transaction is committed.
    void take(byte[] input) {
        List<ProducerRecord<byte[], byte[]>> emitted = process(input);
        for (ProducerRecord<byte[], byte[]> record : emitted) {
            ConsumerRecord<byte[], byte[]> _ =
                    log.append(new TopicPartition(record.topic(), 0), nowMillis, record.value());
        }
        watching.committed(inputs);
    }

    /// The same in a transaction that is aborted.
    List<ProducerRecord<byte[], byte[]>> takeInVain() {
        List<ProducerRecord<byte[], byte[]>> emitted =
                process(new ModelInput.Passed("risk.v1", nowMillis).bytes());
        watching.aborted();
        return emitted;
    }

    private List<ProducerRecord<byte[], byte[]>> process(byte[] input) {
        TopicPartition partition = new TopicPartition(NAMES.monitoringInputs(), 0);
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(partition.topic(), 0, inputs, new byte[0], input);
        inputs++;
        return watching.process(new PartitionBatch(partition, List.of(record), inputs)).records();
    }

    /// The alerts that go on in this process, `risk.v1 silence`.
    Set<String> standing() {
        return standing.firing;
    }

    private static final class StandingAlerts implements AlertWatch {
        private final Set<String> firing = new TreeSet<>();

        @Override
        public void stands(String contract, String rule, Alert alert) {
            forget(contract, rule);
            if (alert.status() != Alert.Status.RESOLVED) {
                firing.add(contract + " " + rule);
            }
        }

        @Override
        public void forget(String contract, String rule) {
            firing.remove(contract + " " + rule);
        }
    }

    /// The changes of alerts, `feature-drift firing`.
    List<String> alerts() {
        return json(new MonitorTopics(NAMES).alerts()).stream()
                .map(alert -> text(alert, "rule") + " " + text(alert, "status"))
                .toList();
    }

    /// The verdicts of a rule, one a window and version.
    List<JsonNode> verdicts(String rule) {
        return json(new ModelMonitorTopics(NAMES).results()).stream()
                .filter(one -> text(one, "rule").equals(rule))
                .toList();
    }

    List<String> words(String rule) {
        return verdicts(rule).stream().map(one -> text(one, "verdict")).toList();
    }

    List<JsonNode> json(String topic) {
        return log.records(topic).stream().map(record -> JSON.readTree(record.value())).toList();
    }

    static String text(JsonNode node, String key) {
        return node.path(key).asString("");
    }

    /// Kafka does not answer for a time.
    void away(boolean isAway) {
        log.away(isAway);
    }
}
