package leat.ml.scoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictions;

/// One request to a model, until its time is over. When it fails, it is halved until the rows that
/// are to blame fail alone.
record Asking(VersionedModel model, long deadlineNanos) {

    /// @throws ModelUnready when the model cannot be asked at all
    List<Predicted> ask(PredictionRequest request) {
        List<List<Object>> rows = request.rows();
        Duration left = Duration.ofNanos(Math.max(1, deadlineNanos - System.nanoTime()));
        try {
            return Predictions.of(model, request.of(rows, left)).stream()
                    .<Predicted>map(values -> new Predicted.Values(values, model.version()))
                    .toList();
        } catch (ModelFailed e) {
            if (rows.size() == 1 || System.nanoTime() - deadlineNanos >= 0) {
                return failed(request, e);
            }
            int half = rows.size() / 2;
            List<Predicted> all = new ArrayList<>(rows.size());
            all.addAll(ask(request.of(rows.subList(0, half), left)));
            all.addAll(ask(request.of(rows.subList(half, rows.size()), left)));
            return all;
        }
    }

    /// All rows of a request without a prediction.
    static List<Predicted> failed(PredictionRequest request, RuntimeException why) {
        return Collections.nCopies(
                request.rows().size(), new Predicted.Failed(String.valueOf(why.getMessage())));
    }
}
