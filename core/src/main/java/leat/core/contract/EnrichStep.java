package leat.core.contract;

import java.util.List;
import java.util.Map;
import leat.core.yaml.Location;

/// What the enricher adds to an event; steps run in the order of the contract, each seeing what the
/// earlier ones set.
public sealed interface EnrichStep {

    /// Where the step stands, for complaints about it.
    Location location();

    /// The top-level fields that are set; the contract declares them with their types.
    List<String> fields();

    /// The same value for every event, of the field's value class.
    record Constant(String field, Object value, Location location) implements EnrichStep {
        @Override
        public List<String> fields() {
            return List.of(field);
        }
    }

    /// A CEL expression over the event's fields, e.g. `event.speed * 3.6`.
    record Derived(String field, String expression, Fallback onFailure, Location location)
            implements EnrichStep {

        /// With an event that dies when the expression fails.
        public Derived(String field, String expression, Location location) {
            this(field, expression, new Fallback.Dead(), location);
        }

        @Override
        public List<String> fields() {
            return List.of(field);
        }
    }

    /// Values that something outside the event knows.
    ///
    /// @param taken which of the answer's values become which fields
    /// @param onFailure what happens when there is no answer in time
    /// @param onMissing what happens when the answer is that nothing is known
    record Fetched(
            EnrichQuestion question,
            List<Taken> taken,
            Fallback onFailure,
            Fallback onMissing,
            Location location)
            implements EnrichStep {

        public Fetched {
            taken = List.copyOf(taken);
        }

        @Override
        public List<String> fields() {
            return taken.stream().map(Taken::field).toList();
        }
    }

    /// Values that a registered model predicts.
    ///
    /// @param taken which of the model's outputs become which fields, `score` or `probabilities[1]`
    /// @param onFailure what happens when the model cannot answer
    /// @param onMissing what happens when the event lacks a feature
    record Predicted(
            ModelQuestion question,
            List<Taken> taken,
            Fallback onFailure,
            Fallback onMissing,
            Location location)
            implements EnrichStep {

        public Predicted {
            taken = List.copyOf(taken);
        }

        @Override
        public List<String> fields() {
            return taken.stream().map(Taken::field).toList();
        }
    }

    /// A value of an answer, `name`, that becomes a field of the event.
    record Taken(String field, String name) {}

    /// What becomes of an event when a step has no value for it.
    sealed interface Fallback {

        /// The event goes to the dead letters.
        record Dead() implements Fallback {}

        /// The fields are left out, and the enriched event says so in a header.
        record Skip() implements Fallback {}

        /// The fields get these values, of their value classes; one that is not named is left out.
        record Default(Map<String, Object> values) implements Fallback {
            public Default {
                values = Map.copyOf(values);
            }
        }
    }
}
