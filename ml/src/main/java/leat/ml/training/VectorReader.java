package leat.ml.training;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.feature.CompiledView;
import leat.core.feature.ModelFeature;
import leat.core.outcome.Outcome;
import leat.core.training.TrainingData;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import leat.ml.featurestore.online.StoredVector;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Reads what a model takes of the vectors of one view, and counts those that break its schema.
final class VectorReader {

    private final Validator validator;
    private final int entity;
    private final int queryTime;
    private final List<ModelFeature> taken;
    private final int[] fields;
    private final int[] places;
    private final TrainingData data;
    private final Optional<Instant> oldest;
    private final SchemaTally tally;

    /// @param view one of the data's
    /// @param oldest of the query times that are wanted; those from the beginning on when empty
    /// @param tally of the view's vectors
    VectorReader(
            TrainingData data, CompiledView view, Optional<Instant> oldest, SchemaTally tally) {
        List<String> names = view.contract().fields().stream().map(Field::name).toList();
        this.validator = Validator.forEnriched(view.contract());
        this.entity = names.indexOf(CompiledView.ENTITY);
        this.queryTime = names.indexOf(CompiledView.QUERY_TIME);
        this.taken = data.of(view);
        this.fields = taken.stream().mapToInt(one -> names.indexOf(one.feature())).toArray();
        this.places = taken.stream().mapToInt(data.taken()::indexOf).toArray();
        this.data = data;
        this.oldest = oldest;
        this.tally = tally;
    }

    /// A vector.
    ///
    /// @param headers of its record
    record Vector(String entity, Instant time, Row row, Headers headers) {

        long timeMicros() {
            return ChronoUnit.MICROS.between(Instant.EPOCH, time);
        }

        /// The position of the event that it was written with, as the view has seen it.
        Optional<Position> event() {
            return EventHeader.position(headers, EventHeaders.POSITION);
        }
    }

    /// What is taken of the view, as the model calls it.
    List<String> features() {
        return taken.stream().map(ModelFeature::name).toList();
    }

    /// What a record says; null when it is no vector, or of a time that is not wanted. A record
    /// that is no vector is counted, unless it says that it is of such a time.
    @Nullable Vector read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            tally.breaks(record, "there is no value");
            return null;
        }
        return switch (validator.validate(record.value())) {
            case Outcome.Valid valid -> vector(valid.row(), record);
            case Outcome.Rejected rejected -> {
                if (mayBeWanted(record.value())) {
                    tally.breaks(record, rejected);
                }
                yield null;
            }
        };
    }

    private @Nullable Vector vector(Row row, ConsumerRecord<byte[], byte[]> record) {
        if (!(row.value(entity) instanceof String whose)
                || !(row.value(queryTime) instanceof Instant time)) {
            tally.breaks(record, "it does not say whose it is and when it was right");
            return null;
        }
        if (!isWanted(time)) {
            return null;
        }
        tally.keeps();
        return new Vector(whose, time, row, record.headers());
    }

    /// Of what is no vector, by the time that it says itself.
    private boolean mayBeWanted(byte[] json) {
        return StoredVector.read(json)
                .map(StoredVector::queryTime)
                .filter(time -> !isWanted(time))
                .isEmpty();
    }

    private boolean isWanted(Instant time) {
        return oldest.filter(time::isBefore).isEmpty() && data.isBeforeEnd(time);
    }

    /// What a vector has of [#features], NaN where it lacks one.
    float[] values(Vector vector) {
        float[] values = new float[fields.length];
        for (int i = 0; i < fields.length; i++) {
            values[i] = number(vector.row().value(fields[i]));
        }
        return values;
    }

    private static float number(@Nullable Object value) {
        return switch (value) {
            case Number number -> number.floatValue();
            case Boolean truth -> truth ? 1 : 0;
            case null, default -> Float.NaN;
        };
    }

    /// Puts the view's values to their places among all that the model takes.
    void place(float[] values, float[] all) {
        for (int i = 0; i < places.length; i++) {
            all[places[i]] = values[i];
        }
    }
}
