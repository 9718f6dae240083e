package leat.ml.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.core.enrich.ExpressionFailed;
import leat.core.event.Names;
import leat.core.outcome.Outcome;
import leat.core.training.Label;
import leat.core.training.TrainingData;
import leat.core.validate.Validator;
import leat.ml.featurestore.FeatureFlow;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Counts the labels that came since the data of a run: events of which the label's expression says
/// something, or vectors where there is no label. It reads on where it was, and no further than it
/// has to. For one thread.
final class NewLabels {

    /// So many offsets of each partition are looked at before the count is.
    private static final long AT_ONCE = 20_000;

    private final LogRanges ranges;
    private final String topic;
    private final Optional<Label> label;
    private final @Nullable Validator validator;

    private @Nullable TopicRange counted;
    private String since = "";
    private long count;

    NewLabels(LogConnection log, Names names, TrainingData data) {
        this.ranges = new LogRanges(log);
        this.label = data.label();
        this.topic =
                label.map(one -> names.enriched(one.contract()))
                        .orElseGet(() -> names.vectors(new FeatureFlow(data.view()).vectors()));
        this.validator = label.map(one -> Validator.forEnriched(one.contract())).orElse(null);
    }

    /// Whether there are so many.
    ///
    /// @param run whose data they come after, by its id; empty for none
    /// @param data of the run; empty where it has none
    /// @return up to where they were counted; empty where there are fewer
    /// @throws TrainingStopped when there is no such topic, or records are deleted meanwhile
    Optional<String> atLeast(long wanted, String run, Supplier<Optional<DatasetName>> data) {
        TopicRange now = ranges.all(topic);
        TopicRange before = counted;
        if (before == null || !since.equals(run) || !before.id().equals(now.id())) {
            since = run;
            count = 0;
            before = new TopicRange(topic, now.id(), now.from(), begin(now, data.get()));
        }
        while (count < wanted && !before.to().equals(now.to())) {
            TopicRange next = next(before, now);
            ranges.read(next, this::look, _ -> {});
            before = next;
        }
        counted = before;
        return count < wanted ? Optional.empty() : Optional.of(text(before));
    }

    /// Where the run's data ended, where they were of this topic.
    private List<Long> begin(TopicRange now, Optional<DatasetName> data) {
        List<Long> ends =
                data.flatMap(name ->
                                label.isPresent()
                                        ? name.labels()
                                        : Optional.of(name.rows().vectors()))
                        .filter(range -> range.id().equals(now.id()))
                        .map(TopicRange::to)
                        .orElse(List.of());
        return IntStream.range(0, now.from().size())
                .mapToObj(partition ->
                        Math.max(
                                now.from().get(partition),
                                partition < ends.size() ? ends.get(partition) : 0L))
                .toList();
    }

    /// What comes behind a range, up to where the topic ends.
    private static TopicRange next(TopicRange before, TopicRange now) {
        List<Long> from = new ArrayList<>();
        List<Long> to = new ArrayList<>();
        for (int partition = 0; partition < now.to().size(); partition++) {
            long done = partition < before.to().size() ? before.to().get(partition) : 0;
            long first = Math.max(done, now.from().get(partition));
            from.add(first);
            to.add(Math.max(first, Math.min(now.to().get(partition), first + AT_ONCE)));
        }
        return new TopicRange(now.topic(), now.id(), from, to);
    }

    private void look(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() != null && (label.isEmpty() || says(label.get(), record.value()))) {
            count++;
        }
    }

    private boolean says(Label one, byte[] event) {
        try {
            return validator != null
                    && validator.validate(event) instanceof Outcome.Valid valid
                    && one.value().evaluate(valid.row()) instanceof Boolean;
        } catch (ExpressionFailed _) {
            return false;
        }
    }

    /// `leat.enriched.machine.v1@12,7,9`: the offset behind the last one of each partition.
    private static String text(TopicRange range) {
        return range.topic()
                + "@"
                + range.to().stream().map(String::valueOf).collect(Collectors.joining(","));
    }
}
