package leat.ml.scoring;

import java.util.List;
import java.util.Optional;
import leat.core.model.ModelVersion;
import leat.core.scoring.ModelFailed;
import leat.ml.online.OnlineModel;
import leat.ml.registry.ModelFile;
import leat.ml.registry.Models;
import leat.ml.weights.Weights;

/// The one of a version's files that is the model, others may lie beside it.
public sealed interface VersionFile {

    /// The file itself.
    ModelFile file();

    /// A model that learns as it scores.
    record Learning(ModelFile file) implements VersionFile {}

    /// A whole ONNX model.
    ///
    /// @param folder all files of the folder that it is in, which it may ask for
    record Onnx(ModelFile file, List<ModelFile> folder) implements VersionFile {
        public Onnx {
            folder = List.copyOf(folder);
        }

        private static Onnx of(ModelFile file, List<ModelFile> all) {
            String folder = file.path().substring(0, file.path().lastIndexOf('/') + 1);
            return new Onnx(
                    file, all.stream().filter(one -> one.path().startsWith(folder)).toList());
        }
    }

    /// Weights alone.
    ///
    /// @param base the number of the version of the same model that they are for
    record WeightsAlone(ModelFile file, int base) implements VersionFile {}

    /// The file that stands for a version's model: its own one; of weights alone, as large as the
    /// model that is made of them, with the fingerprint of the weights.
    ///
    /// @throws ModelFailed when nobody can say which one it is
    /// @throws leat.core.tracking.TrackingRefused when the version's source is not in the log
    static ModelFile ofModel(Models models, ModelVersion version) {
        VersionFile file = of(version, models.files(version));
        return switch (file) {
            case Learning _, Onnx _ -> file.file();
            case WeightsAlone weights ->
                    new ModelFile(
                            weights.file().path(),
                            WeightedGraph.graphFile(models, version, weights).sizeBytes(),
                            weights.file().fingerprint());
        };
    }

    /// Chooses it.
    ///
    /// @param files all of the version
    /// @throws ModelFailed when it has none, or several of which nobody can say which one is meant
    static VersionFile of(ModelVersion version, List<ModelFile> files) {
        if (version.base().isPresent()) {
            return new WeightsAlone(weights(files), version.base().getAsInt());
        }
        Optional<ModelFile> online =
                files.stream().filter(file -> file.path().equals(OnlineModel.FILE)).findFirst();
        return online.<VersionFile>map(Learning::new).orElseGet(() -> Onnx.of(onnx(files), files));
    }

    private static ModelFile weights(List<ModelFile> files) {
        List<ModelFile> weights =
                files.stream().filter(file -> Weights.isWeights(file.path())).toList();
        if (weights.size() == 1) {
            return weights.getFirst();
        }
        throw new ModelFailed(
                "has "
                        + (weights.isEmpty() ? "no file" : weights.size() + " files")
                        + " of weights, and its tag "
                        + ModelVersion.BASE_TAG
                        + " asks for one; log one "
                        + Weights.SAFE_TENSORS
                        + " or "
                        + Weights.NUMPY);
    }

    private static ModelFile onnx(List<ModelFile> files) {
        List<ModelFile> models =
                files.stream().filter(file -> file.path().endsWith(".onnx")).toList();
        return switch (models.size()) {
            case 0 ->
                    throw new ModelFailed(
                            "has no ONNX file; log the model with mlflow.onnx.log_model");
            case 1 -> models.getFirst();
            default ->
                    models.stream()
                            .filter(one -> one.path().equals("model.onnx"))
                            .findFirst()
                            .orElseThrow(() ->
                                    new ModelFailed(
                                            "has "
                                                    + models.size()
                                                    + " ONNX files; name the model's"
                                                    + " model.onnx"));
        };
    }
}
