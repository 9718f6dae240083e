package leat.core.enrich;

import java.util.List;
import leat.core.contract.EnrichQuestion;
import leat.core.contract.EnrichStep.Fallback;
import leat.core.contract.Field;
import leat.core.contract.ModelQuestion;
import leat.core.scoring.OutputValue;
import leat.core.validate.ValueCheck;

/// A compiled step, with the places of its fields in the row.
sealed interface Step {

    /// A value that is known beforehand.
    record Fixed(int index, Object value) implements Step {}

    /// A value that is computed.
    record Computed(Target target, Expression expression, Fallback onFailure) implements Step {}

    /// Values that are asked for.
    ///
    /// @param key yields a text
    /// @param sent the places of the fields that go along
    record Fetched(
            EnrichQuestion question,
            Expression key,
            List<Integer> sent,
            List<Taken> taken,
            Fallbacks fallbacks)
            implements Step {}

    /// Values that a model predicts.
    ///
    /// @param features the places of the fields that the model is given
    /// @param wanted which of its outputs; each becomes the field of the same position
    record Predicted(
            ModelQuestion question,
            List<Integer> features,
            List<OutputValue> wanted,
            List<Target> targets,
            Fallbacks fallbacks)
            implements Step {}

    /// A value of an answer and the field it becomes.
    record Taken(String name, Target target) {}

    /// What happens without an answer, and without a value.
    record Fallbacks(Fallback onFailure, Fallback onMissing) {}

    /// A field that is set.
    record Target(int index, Field field, ValueCheck check) {
        static Target of(int index, Field field) {
            return new Target(index, field, ValueCheck.of(field.type()));
        }
    }
}
