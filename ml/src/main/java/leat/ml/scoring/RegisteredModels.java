package leat.ml.scoring;

import java.time.Duration;
import java.util.List;
import leat.core.model.ModelReference;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.scoring.Predictor;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.Models;
import leat.stream.log.LogUnavailable;

/// Predictions of registered models, computed in this process. All rows of a request are computed
/// by one version; an alias that moves takes effect between two requests. Of a request that fails,
/// the rows that are to blame fail alone. Until the registry has been read once, requests wait.
public final class RegisteredModels implements Predictor, AutoCloseable {

    /// More than the steps of a workspace name.
    private static final int MOST = 256;

    private static final Duration FIRST_LOOK = Duration.ofDays(1);

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
        ModelReference reference = request.model();
        OpenModel model;
        try {
            model =
                    open.enter(
                            new ServedModel.Wanted(
                                    reference.toString(),
                                    () -> models.resolve(reference).version()),
                            FIRST_LOOK);
        } catch (ModelUnready | TrackingRefused e) {
            return Asking.failed(request, e);
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        try {
            return Asking.inParts(model, request);
        } finally {
            model.leave();
        }
    }

    /// Closes what is open of a version; it is opened again when it is asked for.
    ///
    /// @param version `failure-risk/3`
    public void closeOf(String version) {
        open.closeOf(version);
    }

    @Override
    public void close() {
        open.close();
    }
}
