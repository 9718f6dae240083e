package leat.ml.training;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.training.Checks;
import leat.core.training.Label;
import leat.core.training.Training;
import leat.core.training.TrainingData;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureRegistry;
import leat.ml.featurestore.Filling;
import leat.ml.featurestore.RegisteredViews;
import leat.ml.training.algorithm.Rows;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Reads what a training learns from: of one range of the log always the same rows in the same
/// order.
final class DatasetReader {

    private final LogRanges ranges;
    private final FeatureRegistry registry;
    private final Names names;
    private final TrainingData data;
    private final TrainingProgress progress;
    private final SortedMap<String, SchemaTally> tallies = new TreeMap<>();
    private final VectorReader own;

    private long lacking;

    DatasetReader(LogConnection log, Names names, Training training, TrainingProgress progress) {
        this.ranges = new LogRanges(log);
        this.registry = new FeatureRegistry(log, names);
        this.names = names;
        this.data = training.data();
        this.progress = progress;
        this.own = reader(data.view(), data.from());
    }

    /// @param oldest of the query times that are wanted; those from the beginning on when empty
    private VectorReader reader(CompiledView view, Optional<Instant> oldest) {
        return new VectorReader(
                data, view, oldest, tally("vectors of " + view.contract().nameAndMajor()));
    }

    private SchemaTally tally(String what) {
        SchemaTally tally = new SchemaTally();
        tallies.put(what, tally);
        return tally;
    }

    /// The views of a set but for the one whose vectors are rows.
    private List<CompiledView> others() {
        return data.views().stream().skip(1).toList();
    }

    /// The name of all that the log has now. Labels end behind vectors, so that of each vector the
    /// event is among them; so do the vectors of a set's other views.
    ///
    /// @throws TrainingStopped when a view has not all its vectors yet
    DatasetName now() {
        demandFilled();
        return new DatasetName(
                ofView(data.view()),
                others().stream().map(this::ofView).toList(),
                data.fingerprint(),
                data.label().map(label -> ranges.all(names.enriched(label.contract()))));
    }

    private void demandFilled() {
        RegisteredViews registered = registry.read();
        for (CompiledView view : data.views()) {
            FeatureView definition = view.view();
            Filling.of(definition.name(), definition.version(), registered)
                    .ifPresent(filling -> {
                        throw new TrainingStopped(filling.message(), filling.remedy());
                    });
        }
    }

    private DatasetName.OfView ofView(CompiledView view) {
        FeatureFlow flow = new FeatureFlow(view);
        return new DatasetName.OfView(
                flow.name(), flow.fingerprint(), ranges.all(names.vectors(flow.vectors())));
    }

    /// The same ranges as another dataset has.
    ///
    /// @throws TrainingStopped when they cannot be read any more, or are of something else
    DatasetName again(DatasetName other) {
        List<DatasetName.OfView> others =
                others().stream().flatMap(view -> same(view, other.others()).stream()).toList();
        if (same(data.view(), List.of(other.rows())).isEmpty() || others.size() < others().size()) {
            throw new TrainingStopped(
                    "the run has learned from "
                            + other.views()
                                    .map(DatasetName.OfView::view)
                                    .collect(Collectors.joining(", "))
                            + " as it was defined then",
                    "set the view back, or train without the run's data");
        }
        Optional<String> labels = data.label().map(label -> names.enriched(label.contract()));
        if (!labels.equals(other.labels().map(TopicRange::topic))) {
            throw new TrainingStopped(
                    "the run has taken its labels from other events",
                    "set the label back, or train without the run's data");
        }
        DatasetName again =
                new DatasetName(other.rows(), others, data.fingerprint(), other.labels());
        again.views().map(DatasetName.OfView::vectors).forEach(ranges::demand);
        again.labels().ifPresent(ranges::demand);
        return again;
    }

    /// The vectors of a view, as it is defined.
    private static Optional<DatasetName.OfView> same(
            CompiledView view, List<DatasetName.OfView> among) {
        FeatureFlow flow = new FeatureFlow(view);
        return among.stream()
                .filter(one ->
                        one.view().equals(flow.name())
                                && one.fingerprint().equals(flow.fingerprint()))
                .findFirst();
    }

    /// Reads the rows.
    ///
    /// @throws TrainingStopped when there are too many, or they are deleted meanwhile
    Dataset read(DatasetName name) {
        List<CompiledView> others = others();
        List<OtherVectors> vectorsOfOthers = new ArrayList<>();
        for (int i = 0; i < others.size(); i++) {
            vectorsOfOthers.add(other(others.get(i), name.others().get(i).vectors()));
        }
        VectorTable table =
                new VectorTable(
                        data.features(),
                        limit(
                                data.view(),
                                "take a shorter time (data.from, data.until or data.last), or"
                                        + " raise data.max-rows"),
                        data.last().map(DatasetReader::micros).orElse(Long.MAX_VALUE));
        TopicRange vectors = name.rows().vectors();
        ranges.read(
                vectors,
                record -> add(record, vectorsOfOthers, table, name.labels()),
                done -> progress.at("reading vectors", done, vectors.offsets()));
        table.forgetTooOld();
        Optional<RowLabels> labels =
                data.label().map(label -> labels(label, table, name.labels().orElseThrow()));
        return dataset(name, table, labels);
    }

    private VectorTable.Limit limit(CompiledView view, String remedy) {
        return new VectorTable.Limit(data.mostRows(), view.view().name().value(), remedy);
    }

    private OtherVectors other(CompiledView view, TopicRange vectors) {
        VectorReader reader =
                reader(
                        view,
                        data.isByEvent(view)
                                ? data.from()
                                : data.from().flatMap(from -> view.view().ttl().map(from::minus)));
        VectorTable table =
                new VectorTable(
                        reader.features(),
                        limit(view, "raise data.max-rows, or take no feature of it"),
                        Long.MAX_VALUE);
        if (data.isByEvent(view)) {
            EventVectors byEvent = new EventVectors(reader, table);
            read(view, reader, vectors, byEvent::add);
            return byEvent;
        }
        read(
                view,
                reader,
                vectors,
                vector ->
                        table.add(
                                reader.values(vector),
                                vector.timeMicros(),
                                vector.entity(),
                                0,
                                -1));
        return new EarlierVectors(table, reader, view.view().ttl());
    }

    private void read(
            CompiledView view,
            VectorReader reader,
            TopicRange vectors,
            Consumer<VectorReader.Vector> sink) {
        ranges.read(
                vectors,
                record -> {
                    VectorReader.Vector vector = reader.read(record);
                    if (vector != null) {
                        sink.accept(vector);
                    }
                },
                done ->
                        progress.at(
                                "reading vectors of " + view.view().name(),
                                done,
                                vectors.offsets()));
    }

    static long micros(Duration duration) {
        return duration.toNanos() / 1_000;
    }

    private RowLabels labels(Label label, VectorTable table, TopicRange range) {
        RowLabels labels =
                RowLabels.of(
                        label,
                        table,
                        data.mostRows(),
                        tally("events of " + label.contract().nameAndMajor()));
        ranges.read(
                range, labels::read, done -> progress.at("reading labels", done, range.offsets()));
        return labels;
    }

    private void add(
            ConsumerRecord<byte[], byte[]> record,
            List<OtherVectors> others,
            VectorTable table,
            Optional<TopicRange> labels) {
        VectorReader.Vector vector = own.read(record);
        if (vector == null) {
            return;
        }
        long micros = vector.timeMicros();
        float[] values = values(vector, others);
        boolean lacks = false;
        for (float value : values) {
            lacks |= Float.isNaN(value);
        }
        table.look(values);
        if (lacks && !data.nanForMissing()) {
            lacking++;
            return;
        }
        @Nullable Position event = event(record, labels);
        table.add(
                values,
                micros,
                vector.entity(),
                event == null ? 0 : event.partition(),
                event == null ? -1 : event.offset());
    }

    private float[] values(VectorReader.Vector vector, List<OtherVectors> others) {
        float[] values = new float[data.taken().size()];
        Arrays.fill(values, Float.NaN);
        own.place(own.values(vector), values);
        others.forEach(view -> view.put(vector, values));
        return values;
    }

    /// Where the event stands that a vector was written with; null where that is not asked for.
    private @Nullable Position event(
            ConsumerRecord<byte[], byte[]> record, Optional<TopicRange> labels) {
        if (labels.isEmpty() || data.label().flatMap(Label::within).isPresent()) {
            return null;
        }
        return EventHeader.origin(record.headers())
                .filter(event -> event.topic().equals(labels.get().id()))
                .orElse(null);
    }

    private Dataset dataset(DatasetName name, VectorTable table, Optional<RowLabels> labels) {
        int[] order = table.byTime();
        Rows.Builder rows =
                labels.isPresent() ? Rows.labelled(data.features()) : Rows.of(data.features());
        long[] times = new long[order.length];
        String[] entities = new String[order.length];
        float[] values = new float[data.taken().size()];
        long unlabelled = 0;
        for (int row : order) {
            float label = labels.isPresent() ? labels.get().of(row) : 0;
            if (Float.isNaN(label)) {
                unlabelled++;
                continue;
            }
            table.copy(row, values);
            times[rows.size()] = table.timeMicros(row);
            entities[rows.size()] = table.entity(row);
            rows.add(values, label);
        }
        return new Dataset(
                name,
                rows.build().from(new Rows.Origins(times, entities)),
                times,
                table.seen(),
                kept(),
                new Dataset.LeftOut(lacking, unlabelled));
    }

    private SortedMap<String, Checks.Kept> kept() {
        SortedMap<String, Checks.Kept> kept = new TreeMap<>();
        tallies.forEach((what, tally) -> kept.put(what, tally.counted()));
        return kept;
    }
}
