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
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/// Reads what a model takes of the vectors of one view.
final class VectorReader {

    private final Validator validator;
    private final int entity;
    private final int queryTime;
    private final List<ModelFeature> taken;
    private final int[] fields;
    private final int[] places;

    /// @param view one of the data's
    VectorReader(TrainingData data, CompiledView view) {
        List<String> names = view.contract().fields().stream().map(Field::name).toList();
        this.validator = Validator.forEnriched(view.contract());
        this.entity = names.indexOf(CompiledView.ENTITY);
        this.queryTime = names.indexOf(CompiledView.QUERY_TIME);
        this.taken = data.of(view);
        this.fields = taken.stream().mapToInt(one -> names.indexOf(one.feature())).toArray();
        this.places = taken.stream().mapToInt(data.taken()::indexOf).toArray();
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

    /// What a record says; null when it is no vector.
    @Nullable Vector read(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null
                || !(validator.validate(record.value()) instanceof Outcome.Valid valid)) {
            return null;
        }
        Row row = valid.row();
        return row.value(entity) instanceof String whose
                        && row.value(queryTime) instanceof Instant time
                ? new Vector(whose, time, row, record.headers())
                : null;
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
