package leat.ml.scorer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.feature.ModelFeature;
import leat.core.outcome.Outcome;
import leat.core.prediction.PredictionJson;
import leat.core.prediction.Scoring;
import leat.core.scoring.NumberRow;
import leat.core.validate.Row;
import leat.stream.log.LogReader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Records of a topic of vectors as the scorer sees them, each with the vectors that the views of
/// its feature set wrote with the same event. For one thread at a time.
final class VectorReading implements AutoCloseable {

    private final Scoring scoring;
    private final TopicId topic;
    private final LogReader log;
    private final Names names;
    private final List<ModelFeature> taken;
    private final ViewPart own;
    private final List<Beside> beside;

    /// Which features cannot be NaN.
    private final BitSet whole = new BitSet();

    private int partition = -1;

    /// What the positions of the partition begin with.
    private String beforeOffset = "";

    /// @param topic the id of the topic of the scoring's vectors
    VectorReading(Scoring scoring, TopicId topic, LogReader log, Names names) {
        this.scoring = scoring;
        this.topic = topic;
        this.log = log;
        this.names = names;
        this.taken = scoring.taken();
        this.own = new ViewPart(scoring, scoring.view());
        this.beside = scoring.beside().stream().map(Beside::new).toList();
        for (int place = 0; place < taken.size(); place++) {
            whole.set(place, !taken.get(place).isReal());
        }
    }

    /// A view beside the one whose vectors are scored.
    private final class Beside {
        private final ViewPart part;
        private final Map<Integer, BesideVectors> partitions = new HashMap<>();

        Beside(CompiledView view) {
            this.part = new ViewPart(scoring, view);
        }

        Map<Position, ConsumerRecord<byte[], byte[]>> of(List<Position> events) {
            Map<Position, ConsumerRecord<byte[], byte[]>> found = new HashMap<>();
            Map<Integer, List<Position>> byPartition = new HashMap<>();
            events.forEach(event ->
                    byPartition
                            .computeIfAbsent(event.partition(), _ -> new ArrayList<>())
                            .add(event));
            byPartition.forEach((number, some) -> found.putAll(vectors(number).of(some)));
            return found;
        }

        private BesideVectors vectors(int number) {
            return partitions.computeIfAbsent(
                    number,
                    _ ->
                            new BesideVectors(
                                    log,
                                    new TopicPartition(
                                            names.vectors(part.view().contract()), number)));
        }
    }

    /// What a record is.
    sealed interface Read {

        /// A vector with all features that the model takes, in its order.
        record Complete(VectorSource source, PredictionJson.Subject subject, List<Object> features)
                implements Read {
            public Complete {
                features = features instanceof NumberRow ? features : List.copyOf(features);
            }
        }

        /// A vector without one of them.
        record Lacking(VectorSource source, PredictionJson.Subject subject, String why)
                implements Read {}

        /// No vector of the view; only a foreign producer can have written it.
        record Unreadable(String why) implements Read {}
    }

    Position position(ConsumerRecord<byte[], byte[]> record) {
        return new Position(topic, record.partition(), record.offset());
    }

    /// Reads records.
    ///
    /// @param records in the order of the log
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer, or a view of the set has
    ///   not written its vector yet
    List<Read> read(List<ConsumerRecord<byte[], byte[]>> records) {
        List<Read> read = new ArrayList<>(records.size());
        if (beside.isEmpty()) {
            records.forEach(record -> read.add(read(record, List.of())));
            return read;
        }
        List<Optional<Position>> events = records.stream().map(BesideVectors::event).toList();
        List<Map<Position, ConsumerRecord<byte[], byte[]>>> found = found(events);
        for (int i = 0; i < records.size(); i++) {
            read.add(read(records.get(i), of(events.get(i), found)));
        }
        return read;
    }

    /// The vectors of the views beside, in their order.
    private List<Map<Position, ConsumerRecord<byte[], byte[]>>> found(
            List<Optional<Position>> events) {
        List<Position> asked = events.stream().flatMap(Optional::stream).toList();
        return beside.stream().map(one -> one.of(asked)).toList();
    }

    private static List<@Nullable ConsumerRecord<byte[], byte[]>> of(
            Optional<Position> event, List<Map<Position, ConsumerRecord<byte[], byte[]>>> found) {
        List<@Nullable ConsumerRecord<byte[], byte[]>> vectors = new ArrayList<>(found.size());
        found.forEach(one -> vectors.add(event.map(one::get).orElse(null)));
        return vectors;
    }

    /// The vector of each view that a row is made of; nothing of a view that has none.
    Map<CompiledView, ConsumerRecord<byte[], byte[]>> vectors(
            ConsumerRecord<byte[], byte[]> record) {
        Map<CompiledView, ConsumerRecord<byte[], byte[]>> vectors = new HashMap<>();
        vectors.put(scoring.view(), record);
        Optional<Position> event = BesideVectors.event(record);
        List<@Nullable ConsumerRecord<byte[], byte[]>> others = of(event, found(List.of(event)));
        for (int i = 0; i < beside.size(); i++) {
            ConsumerRecord<byte[], byte[]> vector = others.get(i);
            if (vector != null) {
                vectors.put(beside.get(i).part.view(), vector);
            }
        }
        return vectors;
    }

    /// @param others the vectors of the views beside; null where there is none
    private Read read(
            ConsumerRecord<byte[], byte[]> record,
            List<? extends @Nullable ConsumerRecord<byte[], byte[]>> others) {
        if (record.value() == null || record.headers().lastHeader(EventHeaders.VIEW) == null) {
            return new Read.Unreadable("the record has no value, or no " + EventHeaders.VIEW);
        }
        double[] row = new double[taken.size()];
        Arrays.fill(row, Double.NaN);
        if (own.readPlain(record.value(), row) && readPlain(others, row)) {
            ViewPart.Whose whose = own.whosePlain();
            for (int place = 0; place < row.length; place++) {
                if (Double.isNaN(row[place]) && !mayLack(place)) {
                    return lacking(record, whose, place, others);
                }
            }
            return new Read.Complete(
                    VectorSource.of(record), subject(record, whose), new NumberRow(whole, row));
        }
        return readWhole(record, others);
    }

    private boolean readPlain(
            List<? extends @Nullable ConsumerRecord<byte[], byte[]>> others, double[] row) {
        for (int i = 0; i < others.size(); i++) {
            ConsumerRecord<byte[], byte[]> vector = others.get(i);
            if (vector != null && !beside.get(i).part.readPlain(vector.value(), row)) {
                return false;
            }
        }
        return true;
    }

    /// By the validator, whether the vectors are plain or not.
    Read readWhole(
            ConsumerRecord<byte[], byte[]> record,
            List<? extends @Nullable ConsumerRecord<byte[], byte[]>> others) {
        return switch (own.read(record.value())) {
            case Outcome.Valid valid -> read(record, valid.row(), others);
            case Outcome.Rejected rejected ->
                    new Read.Unreadable(rejected.reasons().getFirst().message());
        };
    }

    private Read read(
            ConsumerRecord<byte[], byte[]> record,
            Row vector,
            List<? extends @Nullable ConsumerRecord<byte[], byte[]>> others) {
        ViewPart.Whose whose = own.whose(vector);
        if (whose == null) {
            return new Read.Unreadable("the vector has no entity or no time");
        }
        @Nullable Object[] row = new @Nullable Object[taken.size()];
        own.place(vector, row);
        for (int i = 0; i < others.size(); i++) {
            ConsumerRecord<byte[], byte[]> other = others.get(i);
            ViewPart part = beside.get(i).part;
            if (other != null && part.read(other.value()) instanceof Outcome.Valid valid) {
                part.place(valid.row(), row);
            }
        }
        List<Object> features = new ArrayList<>(row.length);
        for (int place = 0; place < row.length; place++) {
            @Nullable Object value = row[place];
            if (value != null) {
                features.add(value);
            } else if (mayLack(place)) {
                features.add(Double.NaN);
            } else {
                return lacking(record, whose, place, others);
            }
        }
        return new Read.Complete(VectorSource.of(record), subject(record, whose), features);
    }

    private PredictionJson.Subject subject(
            ConsumerRecord<byte[], byte[]> record, ViewPart.Whose whose) {
        if (record.partition() != partition) {
            partition = record.partition();
            Position first = new Position(topic, partition, 0);
            String text = first.toString();
            beforeOffset = text.substring(0, text.length() - 1);
        }
        return new PredictionJson.Subject(
                whose.entity(), whose.queryMicros(), beforeOffset + record.offset());
    }

    private boolean mayLack(int place) {
        return scoring.nanForMissing() && !whole.get(place);
    }

    private Read lacking(
            ConsumerRecord<byte[], byte[]> record,
            ViewPart.Whose whose,
            int place,
            List<? extends @Nullable ConsumerRecord<byte[], byte[]>> others) {
        return new Read.Lacking(
                VectorSource.of(record), subject(record, whose), why(taken.get(place), others));
    }

    private String why(
            ModelFeature feature, List<? extends @Nullable ConsumerRecord<byte[], byte[]>> others) {
        if (feature.view().equals(scoring.view())) {
            return "the vector has no " + feature.name() + ", which the model takes";
        }
        int other = beside.stream().map(one -> one.part.view()).toList().indexOf(feature.view());
        String view = feature.view().view().nameAndVersion();
        return others.get(other) == null
                ? "the log has no vector of " + view + " of the same event, which the model takes"
                : "the vector of " + view + " has no " + feature.name() + ", which the model takes";
    }

    @Override
    public void close() {
        beside.forEach(one -> one.partitions.values().forEach(BesideVectors::close));
    }
}
