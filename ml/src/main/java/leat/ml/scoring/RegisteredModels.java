package leat.ml.scoring;

import java.util.List;
import leat.core.model.ModelReference;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.Models;

/// Predictions of registered models, computed in this process. All rows of a request are computed
/// by one version; an alias that moves takes effect within a quarter of a second, between two
/// requests. Of a request that fails, the rows that are to blame fail alone.
public final class RegisteredModels implements Predictor, AutoCloseable {

    /// More than the steps of a workspace name.
    private static final int MOST = 256;

    private final Models models;
    private final OpenModels open;

    /// Opens nothing before it is asked for.
    ///
    /// @param models stays open when this is closed
    public RegisteredModels(Models models) {
        this.models = models;
        this.open = new OpenModels(models, MOST);
    }

    @Override
    public List<Predicted> predict(PredictionRequest request) {
        long deadline = System.nanoTime() + request.timeout().toNanos();
        ModelReference reference = request.model();
        OpenModel model;
        try {
            model =
                    open.enter(
                            new ServedModel.Wanted(
                                    reference.toString(),
                                    () -> models.resolve(reference).version()));
        } catch (ModelUnready | TrackingRefused e) {
            return Asking.failed(request, e);
        }
        try {
            return new Asking(model, deadline).ask(request);
        } finally {
            model.leave();
        }
    }

    @Override
    public void close() {
        open.close();
    }
}
