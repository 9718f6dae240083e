package leat.ml.scorer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.outcome.Outcome;
import leat.core.prediction.PredictionJson;
import leat.core.prediction.Scoring;
import leat.core.scoring.NumberRow;
import leat.core.validate.PlainNumbers;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Records of a topic of vectors as the scorer sees them. For one thread.
final class VectorReading {

    private final Scoring scoring;
    private final Validator validator;
    private final TopicId topic;
    private final int entity;
    private final int queryTime;

    /// The places of the features among the vector's fields.
    private final List<Integer> places;

    /// Whether a feature may be given as NaN.
    private final List<Boolean> numbers;

    /// The quick way, where all features are numbers; null where they are not.
    private final @Nullable PlainNumbers plain;

    /// Which features are whole numbers.
    private final BitSet whole = new BitSet();

    private int partition = -1;

    /// What the positions of the partition begin with.
    private String beforeOffset = "";

    VectorReading(Scoring scoring, TopicId topic) {
        Contract vectors = scoring.view().contract();
        List<String> names = vectors.fields().stream().map(Field::name).toList();
        this.scoring = scoring;
        this.topic = topic;
        this.validator = Validator.forEnriched(vectors);
        this.entity = names.indexOf(CompiledView.ENTITY);
        this.queryTime = names.indexOf(CompiledView.QUERY_TIME);
        this.places = scoring.features().stream().map(names::indexOf).toList();
        this.numbers =
                places.stream()
                        .map(place -> vectors.fields().get(place).type() instanceof FieldType.Real)
                        .toList();
        this.plain =
                PlainNumbers.of(
                                vectors,
                                CompiledView.ENTITY,
                                CompiledView.QUERY_TIME,
                                scoring.features())
                        .orElse(null);
        for (int i = 0; i < numbers.size(); i++) {
            whole.set(i, !numbers.get(i));
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

    Read read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null || record.headers().lastHeader(EventHeaders.VIEW) == null) {
            return new Read.Unreadable("the record has no value, or no " + EventHeaders.VIEW);
        }
        if (plain != null) {
            double[] values = new double[numbers.size()];
            if (plain.read(record.value(), values)) {
                return read(record, subject(record, plain.text(), plain.micros()), values);
            }
        }
        return readWhole(record);
    }

    /// By the validator, whether the vector is plain or not.
    Read readWhole(ConsumerRecord<byte[], byte[]> record) {
        return switch (validator.validate(record.value())) {
            case Outcome.Valid valid -> read(record, valid.row());
            case Outcome.Rejected rejected ->
                    new Read.Unreadable(rejected.reasons().getFirst().message());
        };
    }

    private PredictionJson.Subject subject(
            ConsumerRecord<byte[], byte[]> record, String entity, long queryMicros) {
        if (record.partition() != partition) {
            partition = record.partition();
            Position first = new Position(topic, partition, 0);
            String text = first.toString();
            beforeOffset = text.substring(0, text.length() - 1);
        }
        return new PredictionJson.Subject(entity, queryMicros, beforeOffset + record.offset());
    }

    private Read read(
            ConsumerRecord<byte[], byte[]> record,
            PredictionJson.Subject subject,
            double[] values) {
        for (int i = 0; i < values.length; i++) {
            if (Double.isNaN(values[i]) && !mayLack(i)) {
                return lacking(record, subject, i);
            }
        }
        return new Read.Complete(VectorSource.of(record), subject, new NumberRow(whole, values));
    }

    private boolean mayLack(int feature) {
        return scoring.nanForMissing() && numbers.get(feature);
    }

    private Read lacking(
            ConsumerRecord<byte[], byte[]> record, PredictionJson.Subject subject, int feature) {
        return new Read.Lacking(
                VectorSource.of(record),
                subject,
                "the vector has no " + scoring.features().get(feature) + ", which the model takes");
    }

    private static long micros(Instant time) {
        return TimeUnit.SECONDS.toMicros(time.getEpochSecond())
                + TimeUnit.NANOSECONDS.toMicros(time.getNano());
    }

    private Read read(ConsumerRecord<byte[], byte[]> record, Row row) {
        if (!(row.value(entity) instanceof String whose)
                || !(row.value(queryTime) instanceof Instant time)) {
            return new Read.Unreadable("the vector has no entity or no time");
        }
        PredictionJson.Subject subject = subject(record, whose, micros(time));
        List<Object> features = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            @Nullable Object value = row.value(places.get(i));
            if (value != null) {
                features.add(value);
            } else if (mayLack(i)) {
                features.add(Double.NaN);
            } else {
                return lacking(record, subject, i);
            }
        }
        return new Read.Complete(VectorSource.of(record), subject, features);
    }
}
