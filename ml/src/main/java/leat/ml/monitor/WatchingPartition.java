package leat.ml.monitor;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import leat.core.alert.Alert;
import leat.core.alert.AlertChange;
import leat.core.alert.AlertWatch;
import leat.core.event.Names;
import leat.core.monitor.ModelJudging;
import leat.core.monitor.ModelRule;
import leat.core.monitor.Monitoring;
import leat.core.monitor.MonitoringState;
import leat.core.monitor.SeenWindow;
import leat.core.outcome.Reason;
import leat.core.prediction.Scoring;
import leat.core.quality.Verdict;
import leat.stream.log.Counts;
import leat.stream.log.Emissions;
import leat.stream.log.LogReader;
import leat.stream.log.PartitionBatch;
import leat.stream.log.PartitionProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one partition of inputs. When it hears that windows are over, it reads them in the log,
/// judges them, and writes verdicts, alerts and what it remembers in one transaction. So a window
/// is judged once: what a killed instance had read and not written is read again.
final class WatchingPartition implements PartitionProcessor {

    /// Of a longer gap only the last windows are judged.
    static final int MAX_WINDOWS = 24;

    private static final Logger LOG = LoggerFactory.getLogger(WatchingPartition.class);

    private final Names names;
    private final ModelMonitorTopics topics;
    private final LogReader reader;
    private final AlertWatch alerts;
    private final Map<String, Watched> watched = new TreeMap<>();
    private final Map<String, MonitoringState> committed = new TreeMap<>();
    private final Map<String, MonitoringState> working = new TreeMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();

    /// A scoring that is watched.
    private record Watched(
            String name,
            Monitoring monitoring,
            WindowReading reading,
            ModelMonitorMetrics metrics) {

        AlertChange.Subject subject(ModelRule rule) {
            return new AlertChange.Subject(
                    name,
                    rule.id(),
                    rule.words(),
                    "",
                    monitoring.demand(rule),
                    Optional.of(monitoring.alert().severity()));
        }
    }

    /// What is known of versions.
    record Known(TrainedVersion.Source trained, Remaking remaking) {}

    private WatchingPartition(Names names, LogReader reader, AlertWatch alerts) {
        this.names = names;
        this.topics = new ModelMonitorTopics(names);
        this.reader = reader;
        this.alerts = alerts;
    }

    /// The state as of the committed position.
    static WatchingPartition restore(
            Names names, List<Scoring> scorings, Known known, LogReader reader, AlertWatch alerts) {
        WatchingPartition partition = new WatchingPartition(names, reader, alerts);
        for (Scoring scoring : scorings) {
            String name = scoring.nameAndVersion();
            scoring.monitoring()
                    .ifPresent(monitoring ->
                            partition.watched.put(
                                    name,
                                    new Watched(
                                            name,
                                            monitoring,
                                            new WindowReading(
                                                    names,
                                                    scoring,
                                                    known.trained(),
                                                    known.remaking()),
                                            new ModelMonitorMetrics(name))));
        }
        partition.restore();
        return partition;
    }

    private void restore() {
        TopicPartition states = new TopicPartition(topics.state(), 0);
        reader.read(states, 0, reader.end(states), this::remember);
        committed.forEach((scoring, state) ->
                state.alerts().forEach((rule, alert) -> stands(scoring, rule, alert)));
    }

    private void remember(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return;
        }
        Optional<StateJson> found = StateJson.parse(record.value());
        if (found.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("topic", record.topic())
                    .addKeyValue("offset", record.offset())
                    .log("What was remembered of a model's windows cannot be read: passed over");
        }
        found.filter(state -> watched.containsKey(state.scoring()))
                .ifPresent(state -> committed.put(state.scoring(), state.state()));
    }

    /// A rule that is no longer judged has no alert that stands.
    private void stands(String scoring, ModelRule rule, Alert alert) {
        if (Objects.requireNonNull(watched.get(scoring)).monitoring().has(rule)) {
            alerts.stands(scoring, rule.id(), alert);
        }
    }

    /// A window is read for long: the stage stays in its group meanwhile.
    @Override
    public boolean waits() {
        return true;
    }

    @Override
    public Emissions process(PartitionBatch batch) {
        aborted();
        List<ProducerRecord<byte[], byte[]>> out = new ArrayList<>();
        Set<String> changed = new LinkedHashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            ModelInput.parse(Objects.requireNonNullElse(record.value(), new byte[0]))
                    .ifPresent(input -> {
                        Watched one = watched.get(input.scoring());
                        if (one != null && apply(one, input, record.timestamp(), out)) {
                            changed.add(one.name());
                        }
                    });
        }
        for (String scoring : changed) {
            // What is remembered is what is written, so that a restart changes no verdict.
            StateJson state =
                    new StateJson(scoring, Objects.requireNonNull(working.get(scoring))).fitting();
            working.put(scoring, state.state());
            out.add(record(topics.state(), scoring, state.bytes()));
        }
        return new Emissions(out, Counts.NONE);
    }

    private @Nullable MonitoringState state(String scoring) {
        MonitoringState now = working.get(scoring);
        return now == null ? committed.get(scoring) : now;
    }

    /// Whether there is something new to remember.
    private boolean apply(
            Watched one,
            ModelInput input,
            long appendMillis,
            List<ProducerRecord<byte[], byte[]>> out) {
        return switch (input) {
            case ModelInput.Passed(String _, long through) -> passed(one, through, out);
            case ModelInput.Acknowledge(String _, String rule) ->
                    acknowledged(one, rule, appendMillis, out);
        };
    }

    private boolean passed(Watched one, long through, List<ProducerRecord<byte[], byte[]>> out) {
        long length = one.monitoring().window().toMillis();
        MonitoringState state = state(one.name());
        if (state == null) {
            working.put(one.name(), MonitoringState.begin(Math.floorDiv(through, length) * length));
            return true;
        }
        // Windows of another length than before begin at their own multiples.
        long begin = -Math.floorDiv(-state.closedThroughMillis(), length) * length;
        long end = Math.floorDiv(through, length) * length;
        begin = Math.max(begin, end - MAX_WINDOWS * length);
        for (long start = begin; start + length <= end; start += length) {
            judge(one, start, start + length, out);
        }
        return begin < end;
    }

    private void judge(
            Watched one, long start, long end, List<ProducerRecord<byte[], byte[]>> out) {
        MonitoringState before = Objects.requireNonNull(state(one.name()));
        SeenWindow seen = one.reading().read(reader, start, end, before);
        ModelJudging.Judged judged = ModelJudging.judge(one.monitoring(), before, seen);
        working.put(one.name(), judged.after());
        for (ModelJudging.Finding finding : judged.findings()) {
            out.add(
                    record(
                            topics.results(),
                            one.name() + ":" + finding.rule().id() + ":" + finding.version(),
                            FindingJson.bytes(one.name(), start, end, finding)));
        }
        for (ModelJudging.Changed change : judged.changes()) {
            emit(one, change.rule(), change.alert(), end, change.verdict(), out);
        }
        long silent =
                judged.after().newestVectorMillis().isPresent()
                        ? end - judged.after().newestVectorMillis().getAsLong()
                        : 0;
        afterwards.add(() -> one.metrics().judged(seen, judged.findings(), silent));
    }

    private boolean acknowledged(
            Watched one,
            String ruleId,
            long appendMillis,
            List<ProducerRecord<byte[], byte[]>> out) {
        MonitoringState state = state(one.name());
        for (ModelRule rule : ModelRule.values()) {
            if (state != null && rule.id().equals(ruleId)) {
                Optional<MonitoringState> after = ModelJudging.acknowledge(state, rule);
                after.ifPresent(acknowledged -> {
                    working.put(one.name(), acknowledged);
                    emit(one, rule, acknowledged.alert(rule), appendMillis, null, out);
                });
                return after.isPresent();
            }
        }
        return false;
    }

    private void emit(
            Watched one,
            ModelRule rule,
            Alert alert,
            long atMillis,
            @Nullable Verdict verdict,
            List<ProducerRecord<byte[], byte[]>> out) {
        AlertChange change =
                new AlertChange(
                        one.subject(rule),
                        alert,
                        atMillis,
                        verdict == null ? OptionalDouble.empty() : verdict.value(),
                        verdict == null ? "" : verdict.note());
        out.add(record(names.alerts(), change.about().id(), change.bytes()));
        afterwards.add(() -> {
            alerts.stands(one.name(), rule.id(), alert);
            LOG.atWarn()
                    .addKeyValue("contract", one.name())
                    .addKeyValue("rule", rule.id())
                    .addKeyValue("status", alert.status().word())
                    .addKeyValue("cause", verdict == null ? "" : verdict.note())
                    .log("Alert changed");
        });
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String key, byte[] value) {
        return new ProducerRecord<>(topic, 0, key.getBytes(StandardCharsets.UTF_8), value);
    }

    /// What cannot be taken in is passed over; the next input says the same and more.
    @Override
    public Emissions poison(
            ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload) {
        aborted();
        LOG.atWarn()
                .addKeyValue("offset", record.offset())
                .addKeyValue("cause", reason.message())
                .log("Windows of models cannot be judged now; trying again");
        return new Emissions(List.of(), Counts.NONE);
    }

    @Override
    public void committed(long offset) {
        committed.putAll(working);
        afterwards.forEach(Runnable::run);
        aborted();
    }

    @Override
    public void aborted() {
        working.clear();
        afterwards.clear();
    }

    @Override
    public void close() {
        for (Watched one : watched.values()) {
            one.metrics().forget();
            for (ModelRule rule : ModelRule.values()) {
                alerts.forget(one.name(), rule.id());
            }
        }
    }
}
