package leat.core.enrich;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;

/// What the enricher can ask beside the event: local views of reference contracts and of feature
/// views, services. The shell gives it to the core.
@FunctionalInterface
public interface Answers {

    /// Nothing can be asked; for contracts whose steps ask nothing.
    Answers NONE =
            (source, _, _) -> {
                throw new IllegalStateException("nobody answers for " + source);
            };

    /// Answers questions, in their order and one each. May wait; a question that cannot be answered
    /// in time is an [Answer.Failed] and no exception.
    ///
    /// @param timeout how long one question waits at most, from when it is put to the source
    List<Answer> ask(Source source, List<Question> questions, Duration timeout);

    /// Predictions of a model, in the order of the rows and one each, of one version. May wait;
    /// what cannot be answered is a [Predicted.Failed] and no exception.
    default List<Predicted> predict(PredictionRequest request) {
        throw new IllegalStateException("nobody answers for the model " + request.model());
    }

    /// One event's question.
    ///
    /// @param key what is asked for
    /// @param event the fields that are sent along as a JSON object; empty when none are
    record Question(String key, String event) {}

    /// What a source says to a question.
    sealed interface Answer {

        /// It knows something.
        ///
        /// @param values by name; each a value class of [leat.core.contract.FieldType] or, as JSON
        ///   has them, a text, number or boolean
        /// @param seen what the answer rests on, for the event's headers; may be empty
        /// @param until for events of a later time it is as good as nothing; for none when empty
        record Found(Map<String, Object> values, String seen, Optional<Instant> until)
                implements Answer {

            /// What is known whatever the event's time.
            public Found(Map<String, Object> values, String seen) {
                this(values, seen, Optional.empty());
            }

            boolean isOver(Instant eventTime) {
                return until.filter(eventTime::isAfter).isPresent();
            }
        }

        /// It knows nothing of the key.
        record Missing(String seen) implements Answer {}

        /// It could not be asked.
        record Failed(String why) implements Answer {}
    }
}
