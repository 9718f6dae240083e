package leat.ml.scorer;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.feature.CompiledView;
import leat.core.feature.ModelFeature;
import leat.core.outcome.Outcome;
import leat.core.prediction.Scoring;
import leat.core.validate.PlainNumbers;
import leat.core.validate.Row;
import leat.core.validate.Validator;
import org.jspecify.annotations.Nullable;

/// What of a model's row the vectors of one view have. For one thread.
final class ViewPart {

    private final CompiledView view;
    private final Validator validator;
    private final int entity;
    private final int queryTime;

    /// Where the features are among the vector's fields, and where in the row.
    private final int[] fields;

    private final int[] places;

    /// The quick way, where all features are numbers; null where they are not.
    private final @Nullable PlainNumbers plain;

    private final double[] numbers;

    ViewPart(Scoring scoring, CompiledView view) {
        Contract contract = view.contract();
        List<String> names = contract.fields().stream().map(Field::name).toList();
        List<ModelFeature> taken = scoring.taken();
        this.view = view;
        this.validator = Validator.forEnriched(contract);
        this.entity = names.indexOf(CompiledView.ENTITY);
        this.queryTime = names.indexOf(CompiledView.QUERY_TIME);
        this.places =
                IntStream.range(0, taken.size())
                        .filter(place -> taken.get(place).view().equals(view))
                        .toArray();
        List<String> own =
                IntStream.of(places).mapToObj(place -> taken.get(place).feature()).toList();
        this.fields = own.stream().mapToInt(names::indexOf).toArray();
        this.plain =
                PlainNumbers.of(contract, CompiledView.ENTITY, CompiledView.QUERY_TIME, own)
                        .orElse(null);
        this.numbers = new double[places.length];
    }

    CompiledView view() {
        return view;
    }

    /// Reads a vector the quick way.
    ///
    /// @param row gets the numbers; NaN for those that the vector lacks
    /// @return false where it cannot be read so
    boolean readPlain(byte[] vector, double[] row) {
        if (plain == null || !plain.read(vector, numbers)) {
            return false;
        }
        for (int i = 0; i < places.length; i++) {
            row[places[i]] = numbers[i];
        }
        return true;
    }

    /// Whose the vector is that was read the quick way, and when it was right.
    Whose whosePlain() {
        PlainNumbers read = Objects.requireNonNull(plain);
        return new Whose(read.text(), read.micros());
    }

    /// @param queryMicros in microseconds since 1970
    record Whose(String entity, long queryMicros) {}

    /// Reads any vector.
    Outcome read(byte[] vector) {
        return validator.validate(vector);
    }

    /// Null where the vector has no entity or no time.
    @Nullable Whose whose(Row vector) {
        return vector.value(entity) instanceof String whose
                        && vector.value(queryTime) instanceof Instant
                ? new Whose(whose, CompiledView.queryMicros(vector))
                : null;
    }

    /// Puts what a vector has to its places; null for what it lacks.
    void place(Row vector, @Nullable Object[] row) {
        for (int i = 0; i < places.length; i++) {
            row[places[i]] = vector.value(fields[i]);
        }
    }
}
