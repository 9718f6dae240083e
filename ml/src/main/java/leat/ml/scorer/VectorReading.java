package leat.ml.scorer;

import java.time.Instant;
import java.util.ArrayList;
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
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/// Records of a topic of vectors as the scorer sees them.
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
    }

    /// What a record is.
    sealed interface Read {

        /// A vector with all features that the model takes, in its order.
        record Complete(
                ConsumerRecord<byte[], byte[]> record,
                PredictionJson.Subject subject,
                List<Object> features)
                implements Read {
            public Complete {
                features = List.copyOf(features);
            }
        }

        /// A vector without one of them.
        record Lacking(
                ConsumerRecord<byte[], byte[]> record, PredictionJson.Subject subject, String why)
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
        return switch (validator.validate(record.value())) {
            case Outcome.Valid valid -> read(record, valid.row());
            case Outcome.Rejected rejected ->
                    new Read.Unreadable(rejected.reasons().getFirst().message());
        };
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
        PredictionJson.Subject subject =
                new PredictionJson.Subject(whose, micros(time), position(record).toString());
        List<Object> features = new ArrayList<>(places.size());
        for (int i = 0; i < places.size(); i++) {
            @Nullable Object value = row.value(places.get(i));
            if (value != null) {
                features.add(value);
            } else if (scoring.nanForMissing() && numbers.get(i)) {
                features.add(Double.NaN);
            } else {
                return new Read.Lacking(
                        record,
                        subject,
                        "the vector has no "
                                + scoring.features().get(i)
                                + ", which the model takes");
            }
        }
        return new Read.Complete(record, subject, features);
    }
}
