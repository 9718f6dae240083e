package leat.ml.training;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.outcome.Outcome;
import leat.core.training.Label;
import leat.core.training.Training;
import leat.core.training.TrainingData;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.training.algorithm.Rows;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Reads what a training learns from: of one range of the log always the same rows in the same
/// order.
final class DatasetReader {

    private final LogRanges ranges;
    private final Names names;
    private final TrainingData data;
    private final TrainingProgress progress;
    private final Validator validator;
    private final int entity;
    private final int queryTime;
    private final List<Integer> places;

    private long lacking;
    private long unreadable;

    DatasetReader(LogConnection log, Names names, Training training, TrainingProgress progress) {
        this.ranges = new LogRanges(log);
        this.names = names;
        this.data = training.data();
        this.progress = progress;
        this.validator = Validator.forEnriched(data.view().contract());
        List<String> fields = data.view().contract().fields().stream().map(Field::name).toList();
        this.entity = fields.indexOf(CompiledView.ENTITY);
        this.queryTime = fields.indexOf(CompiledView.QUERY_TIME);
        this.places = data.features().stream().map(fields::indexOf).toList();
    }

    /// The name of all that the log has now. Labels end behind vectors, so that of each vector the
    /// event is among them.
    DatasetName now() {
        FeatureFlow flow = new FeatureFlow(data.view());
        TopicRange vectors = ranges.all(names.vectors(flow.vectors()));
        return new DatasetName(
                flow.name(),
                flow.fingerprint(),
                data.fingerprint(),
                vectors,
                data.label().map(label -> ranges.all(names.enriched(label.contract()))));
    }

    /// The same ranges as another dataset has.
    ///
    /// @throws TrainingStopped when they cannot be read any more, or are of something else
    DatasetName again(DatasetName other) {
        FeatureFlow flow = new FeatureFlow(data.view());
        if (!other.view().equals(flow.name())
                || !other.viewFingerprint().equals(flow.fingerprint())) {
            throw new TrainingStopped(
                    "the run has learned from " + other.view() + " as it was defined then",
                    "set the view back, or train without the run's data");
        }
        Optional<String> labels = data.label().map(label -> names.enriched(label.contract()));
        if (!labels.equals(other.labels().map(TopicRange::topic))) {
            throw new TrainingStopped(
                    "the run has taken its labels from other events",
                    "set the label back, or train without the run's data");
        }
        ranges.demand(other.vectors());
        other.labels().ifPresent(ranges::demand);
        return other.of(data.fingerprint());
    }

    /// Reads the rows.
    ///
    /// @throws TrainingStopped when there are too many, or they are deleted meanwhile
    Dataset read(DatasetName name) {
        VectorTable table =
                new VectorTable(
                        data.features(),
                        data.mostRows(),
                        data.last().map(DatasetReader::micros).orElse(Long.MAX_VALUE));
        TopicRange vectors = name.vectors();
        ranges.read(
                vectors,
                record -> add(record, table, name.labels()),
                done -> progress.at("reading vectors", done, vectors.offsets()));
        table.forgetTooOld();
        Optional<RowLabels> labels =
                data.label().map(label -> labels(label, table, name.labels().orElseThrow()));
        return dataset(name, table, labels);
    }

    private static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private RowLabels labels(Label label, VectorTable table, TopicRange range) {
        RowLabels labels = RowLabels.of(label, table, data.mostRows());
        ranges.read(
                range, labels::read, done -> progress.at("reading labels", done, range.offsets()));
        return labels;
    }

    private void add(
            ConsumerRecord<byte[], byte[]> record, VectorTable table, Optional<TopicRange> labels) {
        Row row = row(record);
        if (row == null
                || !(row.value(entity) instanceof String whose)
                || !(row.value(queryTime) instanceof Instant time)) {
            unreadable++;
            return;
        }
        if (data.from().filter(time::isBefore).isPresent()) {
            return;
        }
        float[] values = new float[places.size()];
        boolean lacks = false;
        for (int i = 0; i < values.length; i++) {
            values[i] = number(row.value(places.get(i)));
            lacks |= Float.isNaN(values[i]);
        }
        table.look(values);
        if (lacks && !data.nanForMissing()) {
            lacking++;
            return;
        }
        @Nullable Position event = event(record, labels);
        table.add(
                values,
                ChronoUnit.MICROS.between(Instant.EPOCH, time),
                whose,
                event == null ? 0 : event.partition(),
                event == null ? -1 : event.offset());
    }

    private @Nullable Row row(ConsumerRecord<byte[], byte[]> record) {
        return record.value() != null
                        && validator.validate(record.value()) instanceof Outcome.Valid valid
                ? valid.row()
                : null;
    }

    private static float number(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.floatValue();
            case Boolean truth -> truth ? 1 : 0;
            case null, default -> Float.NaN;
        };
    }

    /// Where the event stands that a vector was written with; null where that is not asked for.
    private @Nullable Position event(
            ConsumerRecord<byte[], byte[]> record, Optional<TopicRange> labels) {
        if (labels.isEmpty() || data.label().flatMap(Label::within).isPresent()) {
            return null;
        }
        String origin = EventHeader.text(record.headers(), EventHeaders.ORIGIN);
        String text =
                origin == null ? EventHeader.text(record.headers(), EventHeaders.POSITION) : origin;
        try {
            @Nullable Position event = text == null ? null : Position.parse(text);
            return event != null && event.topic().equals(labels.get().id()) ? event : null;
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    private Dataset dataset(DatasetName name, VectorTable table, Optional<RowLabels> labels) {
        int[] order = table.byTime();
        Rows.Builder rows =
                labels.isPresent() ? Rows.labelled(data.features()) : Rows.of(data.features());
        long[] times = new long[order.length];
        float[] values = new float[places.size()];
        long unlabelled = 0;
        for (int row : order) {
            float label = labels.isPresent() ? labels.get().of(row) : 0;
            if (Float.isNaN(label)) {
                unlabelled++;
                continue;
            }
            table.copy(row, values);
            times[rows.size()] = table.timeMicros(row);
            rows.add(values, label);
        }
        return new Dataset(
                name,
                rows.build().at(times),
                times,
                table.seen(),
                new Dataset.LeftOut(lacking, unlabelled, unreadable));
    }
}
