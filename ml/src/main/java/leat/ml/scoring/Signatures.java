package leat.ml.scoring;

import leat.core.model.ModelVersion;
import leat.core.scoring.Model;
import leat.core.scoring.Signature;
import leat.ml.registry.Models;

/// What versions take and give, for those who only want to know that.
public record Signatures(Models models) {

    /// Opens a version for that, and closes it.
    ///
    /// @throws leat.core.scoring.ModelFailed when it is no model, or cannot be opened
    /// @throws leat.core.tracking.TrackingRefused when its source is not in the log
    /// @throws leat.ml.objectstore.ObjectStoreUnavailable when its object store does not answer
    /// @throws leat.ml.registry.ArtifactDamaged when a file is not what was kept
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    public Signature of(ModelVersion version) {
        Model model = new ModelFiles(models, version).open();
        try {
            return model.signature();
        } finally {
            ModelFiles.close(model);
        }
    }
}
