package leat.ml.scoring;

import java.time.Duration;
import java.util.Map;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;

/// A version of a model, open, and in use by any number of threads. It is closed when it was
/// retired and the last of them has left.
final class OpenModel implements VersionedModel {

    private final String version;
    private final OnnxModel model;
    private int users;
    private boolean retired;

    /// @param version `failure-risk/3`
    /// @param model is closed with this
    OpenModel(String version, OnnxModel model) {
        this.version = version;
        this.model = model;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
        return model.run(inputs, patience);
    }

    /// Whether it may be used, until [#leave].
    synchronized boolean enter() {
        if (retired) {
            return false;
        }
        users++;
        return true;
    }

    synchronized void leave() {
        users--;
        closeWhenLeft();
    }

    /// Nobody enters any more.
    synchronized void retire() {
        if (!retired) {
            retired = true;
            closeWhenLeft();
        }
    }

    private void closeWhenLeft() {
        if (retired && users == 0) {
            model.close();
        }
    }
}
