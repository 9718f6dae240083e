package leat.stream.monitor;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import leat.core.contract.QualityRule;
import leat.core.event.TopicId;
import leat.core.outcome.Reason;
import leat.core.quality.Judging;
import leat.core.quality.Judging.Outcome;
import leat.core.quality.Windows;
import leat.stream.log.AssignedPartition;
import leat.stream.log.Counts;
import leat.stream.log.Emissions;
import leat.stream.log.LogReader;
import leat.stream.log.PartitionBatch;
import leat.stream.log.PartitionProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one partition of inputs: folds them into verdicts and alerts. The state is that of the
/// inputs below the committed offset. After each outcome the state without its open windows goes to
/// the topic of states in the same transaction; those windows are made again from the inputs.
final class JudgingPartition implements PartitionProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(JudgingPartition.class);

    private final MonitorTopics topics;
    private final TopicId inputs;
    private final Map<String, Watched> watched;
    private final Map<String, Judging> committed = new TreeMap<>();
    private final Map<String, Judging> working = new TreeMap<>();
    private final List<Runnable> afterwards = new ArrayList<>();

    private JudgingPartition(MonitorTopics topics, TopicId inputs, Map<String, Watched> watched) {
        this.topics = topics;
        this.inputs = inputs;
        this.watched = watched;
    }

    /// The state as of a position.
    static JudgingPartition restore(
            MonitorTopics topics,
            Map<String, Watched> watched,
            AssignedPartition assigned,
            LogReader reader) {
        JudgingPartition partition = new JudgingPartition(topics, assigned.topicId(), watched);
        partition.restore(assigned, reader);
        return partition;
    }

    private void restore(AssignedPartition assigned, LogReader reader) {
        Map<String, Judging.Snapshot> snapshots = snapshots(reader);
        long from = watched.isEmpty() ? assigned.offset() : Long.MAX_VALUE;
        for (Watched one : watched.values()) {
            Judging.Snapshot snapshot = snapshots.get(one.name());
            committed.put(
                    one.name(),
                    snapshot == null
                            ? Judging.begin(rules(one), sources(one))
                            : Judging.restore(rules(one), sources(one), snapshot));
            from = Math.min(from, snapshot == null ? 0 : snapshot.firstInput());
        }
        reader.read(
                assigned.partition(), from, assigned.offset(), record -> again(record, snapshots));
        committed.forEach((contract, judging) -> {
            judging.beginWhatIsNew(rules(of(contract)));
            Judging.Snapshot snapshot = snapshots.get(contract);
            if (snapshot != null) {
                snapshot.alerts()
                        .forEach((rule, alert) -> MonitorMetrics.alert(contract, rule, alert));
            }
        });
    }

    /// An input that was taken in before; what it led to stands in the log.
    private void again(
            ConsumerRecord<byte[], byte[]> record, Map<String, Judging.Snapshot> snapshots) {
        parse(record)
                .ifPresent(input -> {
                    Judging judging = Objects.requireNonNull(committed.get(input.contract()));
                    Judging.Snapshot snapshot = snapshots.get(input.contract());
                    if (snapshot == null || record.offset() >= snapshot.nextInput()) {
                        judging.apply(input.input(), record.offset());
                    } else if (record.offset() >= snapshot.firstInput()) {
                        judging.recall(input.input(), record.offset());
                    }
                });
    }

    private Map<String, Judging.Snapshot> snapshots(LogReader reader) {
        TopicPartition states = new TopicPartition(topics.state(), 0);
        Map<String, Judging.Snapshot> snapshots = new HashMap<>();
        reader.read(
                states,
                0,
                reader.end(states),
                record ->
                        SnapshotJson.parse(Objects.requireNonNullElse(record.value(), new byte[0]))
                                .filter(found -> found.inputs().equals(inputs))
                                .ifPresent(found ->
                                        snapshots.put(found.contract(), found.snapshot())));
        return snapshots;
    }

    @Override
    public Emissions process(PartitionBatch batch) {
        working.clear();
        afterwards.clear();
        List<ProducerRecord<byte[], byte[]>> out = new ArrayList<>();
        Set<String> changed = new TreeSet<>();
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            parse(record)
                    .ifPresent(input -> {
                        Judging judging =
                                working.computeIfAbsent(
                                        input.contract(),
                                        contract ->
                                                Objects.requireNonNull(committed.get(contract))
                                                        .copy());
                        List<Outcome> outcomes = judging.apply(input.input(), record.offset());
                        emit(input.contract(), outcomes, out);
                        if (!outcomes.isEmpty()) {
                            changed.add(input.contract());
                        }
                    });
        }
        for (String contract : changed) {
            Judging judging = Objects.requireNonNull(working.get(contract));
            byte[] state =
                    new SnapshotJson(contract, inputs, judging.snapshot(batch.end())).bytes();
            out.add(new ProducerRecord<>(topics.state(), 0, Keys.bytes(contract), state));
        }
        return new Emissions(out, Counts.NONE);
    }

    /// Empty for a contract without rules, and for what a foreign producer wrote.
    private Optional<InputJson> parse(ConsumerRecord<byte[], byte[]> record) {
        return InputJson.parse(Objects.requireNonNullElse(record.value(), new byte[0]))
                .filter(input -> watched.containsKey(input.contract()));
    }

    private void emit(
            String contract, List<Outcome> outcomes, List<ProducerRecord<byte[], byte[]>> out) {
        Map<String, Windows.Closed> last = new HashMap<>();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Closed(Windows.Closed window) -> {
                    String key = Keys.of(contract, window.rule().id());
                    last.put(key, window);
                    out.add(
                            new ProducerRecord<>(
                                    topics.results(),
                                    0,
                                    Keys.bytes(key),
                                    ResultJson.verdict(contract, window)));
                    afterwards.add(() -> MonitorMetrics.closed(contract, window));
                }
                case Outcome.Alerted alerted -> {
                    String key = Keys.of(contract, alerted.rule().id());
                    out.add(
                            new ProducerRecord<>(
                                    topics.alerts(),
                                    0,
                                    Keys.bytes(key),
                                    ResultJson.alert(
                                            contract,
                                            alerted.rule(),
                                            alerted.alert(),
                                            alerted.atMillis(),
                                            last.get(key))));
                    afterwards.add(() -> tell(contract, alerted));
                }
                case Outcome.Late(QualityRule rule, long events) ->
                        afterwards.add(() -> MonitorMetrics.late(contract, rule.id(), events));
            }
        }
    }

    private static void tell(String contract, Outcome.Alerted alerted) {
        MonitorMetrics.alert(contract, alerted.rule().id(), alerted.alert());
        LOG.atWarn()
                .addKeyValue("contract", contract)
                .addKeyValue("rule", alerted.rule().id())
                .addKeyValue("status", alerted.alert().status().word())
                .addKeyValue("demand", alerted.rule().demand())
                .log("Alert changed");
    }

    /// What cannot be taken in is passed over.
    @Override
    public Emissions poison(
            ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload) {
        aborted();
        LOG.atError()
                .addKeyValue("offset", record.offset())
                .addKeyValue("cause", reason.message())
                .log("An input of the judging cannot be taken in");
        return new Emissions(List.of(), Counts.NONE);
    }

    @Override
    public void committed(long offset) {
        committed.putAll(working);
        working.clear();
        afterwards.forEach(Runnable::run);
        afterwards.clear();
    }

    @Override
    public void aborted() {
        working.clear();
        afterwards.clear();
    }

    @Override
    public void close() {
        watched.values()
                .forEach(one ->
                        rules(one).forEach(rule -> MonitorMetrics.forget(one.name(), rule.id())));
    }

    private Watched of(String contract) {
        return Objects.requireNonNull(watched.get(contract));
    }

    private static List<QualityRule> rules(Watched one) {
        return one.contract().quality().rules();
    }

    private static List<String> sources(Watched one) {
        return one.sources().stream().map(Watched.Source::id).toList();
    }
}
