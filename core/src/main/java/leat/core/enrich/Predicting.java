package leat.core.enrich;

import java.util.ArrayList;
import java.util.List;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.validate.Row;

/// Does one step of a model for many events at once, so that the model computes them together and
/// one version answers for all.
final class Predicting {

    private final Step.Predicted step;
    private final Taking taking;

    Predicting(Step.Predicted step) {
        this.step = step;
        this.taking =
                new Taking("model " + step.question().model(), step.targets(), step.fallbacks());
    }

    void apply(List<Work> works, Answers answers) {
        List<Work> asking = new ArrayList<>(works.size());
        List<List<Object>> rows = new ArrayList<>(works.size());
        for (Work work : works) {
            List<Object> features = features(work);
            if (features.size() == step.features().size()) {
                asking.add(work);
                rows.add(features);
            }
        }
        if (rows.isEmpty()) {
            return;
        }
        List<Predicted> predictions =
                answers.predict(
                        new PredictionRequest(
                                step.question().model(),
                                step.question().features(),
                                rows,
                                step.wanted(),
                                step.question().timeout()));
        if (predictions.size() != rows.size()) {
            throw new IllegalStateException(
                    taking.source() + ": " + predictions.size() + " answers to " + rows.size());
        }
        for (int i = 0; i < asking.size(); i++) {
            switch (predictions.get(i)) {
                case Predicted.Values values ->
                        taking.take(asking.get(i), List.copyOf(values.values()), values.version());
                case Predicted.Failed failed -> taking.failed(asking.get(i), failed.why());
            }
        }
    }

    /// All features of an event; fewer when one is missing, and then the event is done with.
    private List<Object> features(Work work) {
        Row row = work.row();
        List<Object> features = new ArrayList<>(step.features().size());
        for (int i = 0; i < step.features().size(); i++) {
            Object value = row.value(step.features().get(i));
            if (value == null) {
                taking.missing(
                        work,
                        "the event has no "
                                + step.question().features().get(i)
                                + ", which the model takes");
                break;
            }
            features.add(value);
        }
        return features;
    }
}
