package leat.ml.scoring;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import leat.core.artifact.Fingerprint;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.scoring.ModelFailed;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.ModelFile;
import leat.ml.registry.Models;
import leat.ml.weights.OnnxInitializers;
import leat.ml.weights.Weights;
import leat.ml.weights.WeightsRefused;

/// A version as a whole ONNX model and the weights that take the place of its own.
///
/// @param root the version that has the model
/// @param file of the root
/// @param weights none where the version is the root itself
record WeightedGraph(Models models, ModelVersion root, VersionFile.Onnx file, Weights weights) {

    /// Weights for weights for a model, and so on. What we publish names the root itself.
    private static final int MOST_LEVELS = 8;

    /// Weights on the way to the root, the newest first.
    private record Way(ModelVersion root, VersionFile.Onnx file, List<Level> levels) {}

    private record Level(ModelVersion version, VersionFile.WeightsAlone file) {}

    /// Follows a version to the one that has the model.
    ///
    /// @throws ModelFailed when it does not lead to one, or the one that it was made for is another
    ///   one by now
    /// @throws TrackingRefused when a base is not there, or its source is not in the log
    static WeightedGraph of(Models models, ModelVersion version) {
        return of(models, version, file(models, version));
    }

    /// The same where it is known which of its files is the model.
    static WeightedGraph of(Models models, ModelVersion version, VersionFile file) {
        Way way = way(models, version, file);
        Weights weights = new Weights(new TreeMap<>());
        for (Level level : way.levels()) {
            weights = weights.over(read(new ModelFiles(models, level.version()), level.file()));
        }
        return new WeightedGraph(models, way.root(), way.file(), weights);
    }

    /// The file that has the graph of a version.
    ///
    /// @throws ModelFailed as [#of] does, and as it does [TrackingRefused]
    static ModelFile graphFile(Models models, ModelVersion version, VersionFile file) {
        return way(models, version, file).file().file();
    }

    private static Way way(Models models, ModelVersion version, VersionFile chosen) {
        List<Level> levels = new ArrayList<>();
        ModelVersion at = version;
        VersionFile file = chosen;
        while (levels.size() <= MOST_LEVELS) {
            switch (file) {
                case VersionFile.Onnx onnx -> {
                    return new Way(at, onnx, levels);
                }
                case VersionFile.Learning _ ->
                        throw new ModelFailed(
                                at.reference()
                                        + " learns as it scores, and has no weights to exchange");
                case VersionFile.WeightsAlone alone -> {
                    levels.add(new Level(at, alone));
                    ModelVersion base =
                            models.resolve(
                                            new ModelReference.Numbered(
                                                    at.modelName(), alone.base()))
                                    .version();
                    file = file(models, base);
                    checkSame(at, base, file.file());
                    at = base;
                }
            }
        }
        throw new ModelFailed(
                version.reference()
                        + " is weights for weights, more than "
                        + MOST_LEVELS
                        + " deep; name the version that has the model as its base");
    }

    private static VersionFile file(Models models, ModelVersion version) {
        try {
            return VersionFile.of(version, models.files(version));
        } catch (ModelFailed e) {
            throw new ModelFailed(version.reference() + " " + e.getMessage(), e);
        }
    }

    private static Weights read(ModelFiles files, VersionFile.WeightsAlone alone) {
        try {
            return files.weights(alone);
        } catch (WeightsRefused e) {
            throw new ModelFailed(String.valueOf(e.getMessage()), e);
        }
    }

    private static void checkSame(ModelVersion version, ModelVersion base, ModelFile file) {
        String wanted = version.tags().get(ModelVersion.BASE_SHA256_TAG);
        if (wanted != null && !file.fingerprint().equals(new Fingerprint.Sha256(wanted))) {
            throw new ModelFailed(
                    version.reference()
                            + " is weights for "
                            + base.reference()
                            + " as it was, and its file "
                            + file.path()
                            + " is another one now; publish them again");
        }
    }

    /// What can be exchanged in the root's model.
    ///
    /// @throws WeightsRefused when it is none
    OnnxInitializers initializers() {
        return new ModelFiles(models, root).initializers(file);
    }

    /// Opens the root's model with weights.
    ///
    /// @throws ModelFailed when they are not for it, or it cannot be opened with them
    OnnxModel open(Weights with) {
        return new ModelFiles(models, root).openWith(file, with);
    }
}
