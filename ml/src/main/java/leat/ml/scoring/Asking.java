package leat.ml.scoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.ModelTooSlow;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictions;

/// One request to a model, in runs of a limited size, each of which has the request's time. Rows
/// whose run fails are halved until those that are to blame fail alone; a run that takes too long
/// is tried with fewer rows. A model that is too slow for single rows, three times on end, fails
/// the rest.
final class Asking {

    private static final int MOST_ROWS = 1_000;
    private static final int FEWER = 8;
    private static final int SLOW_ROWS = 3;

    private static final Duration FOREVER = Duration.ofDays(1);

    private final VersionedModel model;
    private final Duration all;
    private final long endNanos;
    private final List<Predicted> answers = new ArrayList<>();
    private int rowsAtOnce;
    private int slowRows;

    private Asking(VersionedModel model, int rowsAtOnce, Duration all) {
        this.model = model;
        this.all = all;
        this.endNanos = System.nanoTime() + all.toNanos();
        this.rowsAtOnce = rowsAtOnce;
    }

    /// Asks in runs of at most a thousand rows.
    ///
    /// @throws ModelUnready when the model cannot be asked at all
    static List<Predicted> inParts(VersionedModel model, PredictionRequest request) {
        return inParts(model, request, FOREVER);
    }

    /// The same, and no run begins any more after a time for all of them.
    static List<Predicted> inParts(VersionedModel model, PredictionRequest request, Duration all) {
        int most = Predictions.rowsAtOnce(model.signature(), MOST_ROWS);
        return new Asking(model, most, all).ask(request);
    }

    /// Asks in one run where the model takes many rows.
    ///
    /// @throws ModelUnready when the model cannot be asked at all
    static List<Predicted> atOnce(VersionedModel model, PredictionRequest request) {
        int most = Predictions.rowsAtOnce(model.signature(), Integer.MAX_VALUE);
        return new Asking(model, most, FOREVER).ask(request);
    }

    /// All rows of a request without a prediction.
    static List<Predicted> failed(PredictionRequest request, RuntimeException why) {
        return Collections.nCopies(
                request.rows().size(), new Predicted.Failed(String.valueOf(why.getMessage())));
    }

    private List<Predicted> ask(PredictionRequest request) {
        List<List<Object>> rows = request.rows();
        while (answers.size() < rows.size()) {
            int from = answers.size();
            int to = (int) Math.min(rows.size(), (long) from + rowsAtOnce);
            PredictionRequest part = request.of(rows.subList(from, to));
            if (System.nanoTime() - endNanos > 0) {
                PredictionRequest rest = request.of(rows.subList(from, rows.size()));
                answers.addAll(failed(rest, new ModelTooSlow(all.toMillis())));
                break;
            }
            try {
                answers.addAll(run(part));
                slowRows = 0;
            } catch (ModelTooSlow e) {
                if (to - from > 1) {
                    rowsAtOnce = Math.max(1, (to - from) / FEWER);
                } else if (++slowRows < SLOW_ROWS) {
                    answers.addAll(failed(part, e));
                } else {
                    answers.addAll(failed(request.of(rows.subList(from, rows.size())), e));
                }
            }
        }
        return answers;
    }

    private List<Predicted> run(PredictionRequest part) {
        List<List<Object>> rows = part.rows();
        try {
            return Predictions.of(model, part).stream()
                    .<Predicted>map(values -> new Predicted.Values(values, model.version()))
                    .toList();
        } catch (ModelFailed e) {
            if (rows.size() == 1) {
                return failed(part, e);
            }
            int half = rows.size() / 2;
            List<Predicted> all = new ArrayList<>(rows.size());
            all.addAll(run(part.of(rows.subList(0, half))));
            all.addAll(run(part.of(rows.subList(half, rows.size()))));
            return all;
        }
    }
}
