package leat.stream.monitor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import leat.core.event.EventHeaders;
import leat.core.feature.CompiledView;
import leat.core.outcome.Outcome;
import leat.core.outcome.Reason;
import leat.core.quality.DeadEvent;
import leat.core.quality.Input;
import leat.core.quality.RuleTest;
import leat.core.quality.Seen;
import leat.core.quality.Tally;
import leat.core.quality.Windows;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.stream.log.Counts;
import leat.stream.log.Emissions;
import leat.stream.log.EventHeader;
import leat.stream.log.PartitionBatch;
import leat.stream.log.PartitionProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One partition of enriched or dead events, or of vectors: a batch becomes its tallies, one record
/// on the topic of inputs. It keeps nothing between two batches.
final class CountingPartition implements PartitionProcessor {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Watched watched;
    private final Watched.Kind kind;
    private final MonitorTopics topics;
    private final Validator validator;

    CountingPartition(Watched watched, Watched.Kind kind, MonitorTopics topics) {
        this.watched = watched;
        this.kind = kind;
        this.topics = topics;
        this.validator = Validator.forEnriched(watched.contract());
    }

    @Override
    public Emissions process(PartitionBatch batch) {
        if (batch.records().isEmpty()) {
            return new Emissions(List.of(), Counts.NONE);
        }
        Map<String, Map<Long, Tally.Builder>> tallies = new TreeMap<>();
        long through = Long.MIN_VALUE;
        for (ConsumerRecord<byte[], byte[]> record : batch.records()) {
            seen(record).ifPresent(event -> add(event, record.timestamp(), tallies));
            // Several collectors write their dead letters, so the next may be older.
            through = kind.isOrdered() ? Math.max(through, record.timestamp()) : through;
        }
        List<Input.Part> parts = new ArrayList<>();
        tallies.forEach((rule, windows) ->
                windows.forEach(
                        (start, tally) -> parts.add(new Input.Part(rule, start, tally.build()))));
        String source = Watched.id(kind, batch.partition().partition());
        InputJson input = new InputJson(watched.name(), new Input.Counted(source, through, parts));
        return new Emissions(List.of(record(input)), Counts.NONE);
    }

    private ProducerRecord<byte[], byte[]> record(InputJson input) {
        return new ProducerRecord<>(
                topics.inputs(), 0, Keys.bytes(input.contract()), input.bytes());
    }

    private void add(Seen event, long appendMillis, Map<String, Map<Long, Tally.Builder>> tallies) {
        for (RuleTest test : watched.tests()) {
            Tally.Builder tally =
                    tallies.computeIfAbsent(test.key(), _ -> new TreeMap<>())
                            .computeIfAbsent(
                                    Windows.startOf(appendMillis, test.rule()),
                                    _ -> new Tally.Builder());
            test.add(event, tally);
        }
    }

    /// Empty for what a foreign producer wrote.
    private Optional<Seen> seen(ConsumerRecord<byte[], byte[]> record) {
        long appendMicros = record.timestamp() * 1_000;
        return switch (kind) {
            case DEAD_ENRICHER, DEAD_COLLECTOR ->
                    Optional.of(new Seen(dead(record), true, appendMicros, appendMicros));
            case ENRICHED ->
                    row(record)
                            .map(row ->
                                    new Seen(
                                            row,
                                            false,
                                            EventHeader.eventMicros(record.headers())
                                                    .orElse(appendMicros),
                                            appendMicros));
            case VECTORS ->
                    row(record)
                            .map(row ->
                                    new Seen(
                                            row,
                                            false,
                                            CompiledView.queryMicros(row),
                                            appendMicros));
        };
    }

    private Optional<Row> row(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = Objects.requireNonNullElse(record.value(), new byte[0]);
        return validator.validate(value) instanceof Outcome.Valid valid
                ? Optional.of(valid.row())
                : Optional.empty();
    }

    private static Row dead(ConsumerRecord<byte[], byte[]> record) {
        List<String> codes = new ArrayList<>();
        List<String> fields = new ArrayList<>();
        List<String> messages = new ArrayList<>();
        reasons(EventHeader.text(record.headers(), EventHeaders.REASONS))
                .forEach(reason -> {
                    codes.add(reason.path("code").asString(""));
                    fields.add(reason.path("field").asString(""));
                    messages.add(reason.path("message").asString(""));
                });
        String stage = EventHeader.text(record.headers(), EventHeaders.STAGE);
        return DeadEvent.row(Objects.requireNonNullElse(stage, ""), codes, fields, messages);
    }

    private static JsonNode reasons(@Nullable String json) {
        try {
            return JSON.readTree(Objects.requireNonNullElse(json, "[]"));
        } catch (JacksonException _) {
            return JSON.createArrayNode();
        }
    }

    /// Events that cannot be counted count for nothing.
    @Override
    public Emissions poison(
            ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload) {
        return new Emissions(List.of(), Counts.NONE);
    }

    @Override
    public void committed(long offset) {}

    @Override
    public void aborted() {}

    @Override
    public void close() {}
}
