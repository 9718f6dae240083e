package leat.ml.scoring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.model.ModelVersion;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.tracking.TrackingRefused;
import leat.ml.online.OnlineModel;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.ModelFile;
import leat.ml.registry.Models;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of a version. Those of ONNX are laid into a folder of this machine while the runtime
/// opens the model: weights may lie in files of their own, which is what MLflow makes of large
/// ones, and are looked for beside the model.
record ModelFiles(Models models, ModelVersion version) {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);

    private static final long MOST_BYTES = 4L << 30;
    private static final long MOST_ONLINE_BYTES = 64L << 20;

    /// Opens what the version is: an ONNX model, or one that learns as it scores.
    ///
    /// @throws ModelFailed when there is no model, or it cannot be opened
    /// @throws TrackingRefused when the version's source is not in the log
    /// @throws ArtifactDamaged when a file is not what was kept
    /// @throws UncheckedIOException when the folder cannot be written
    Model open() {
        List<ModelFile> files = models.files(version);
        Optional<ModelFile> online =
                files.stream().filter(file -> file.path().equals(OnlineModel.FILE)).findFirst();
        if (online.isPresent()) {
            return online(online.get());
        }
        ModelFile onnx = onnx(files);
        String folder = onnx.path().substring(0, onnx.path().lastIndexOf('/') + 1);
        List<ModelFile> beside =
                files.stream().filter(file -> file.path().startsWith(folder)).toList();
        try {
            return openInFolder(onnx, beside);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Frees what a model holds that was opened; it must not be asked any more.
    ///
    /// @throws IllegalStateException when that cannot be
    static void close(Model model) {
        if (model instanceof OnnxModel onnx) {
            onnx.close();
        }
    }

    private OnlineModel online(ModelFile file) {
        if (file.sizeBytes() > MOST_ONLINE_BYTES) {
            throw new ModelFailed(
                    OnlineModel.FILE
                            + " has "
                            + file.sizeBytes()
                            + " bytes, and may have "
                            + MOST_ONLINE_BYTES);
        }
        try (InputStream in = models.open(version, file.path())) {
            return OnlineModel.read(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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

    private OnnxModel openInFolder(ModelFile onnx, List<ModelFile> files) throws IOException {
        long bytes = files.stream().mapToLong(ModelFile::sizeBytes).sum();
        if (bytes > MOST_BYTES) {
            throw new ModelFailed(
                    "has " + bytes + " bytes of files; log the model into a folder of its own");
        }
        Path folder = Files.createTempDirectory("leat-model");
        try {
            for (ModelFile file : files) {
                Path to = folder.resolve(file.path());
                Files.createDirectories(to.getParent());
                try (InputStream in = models.open(version, file.path())) {
                    Files.copy(in, to);
                }
            }
            return OnnxModel.open(folder.resolve(onnx.path()));
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.atWarn().setCause(e).addKeyValue("folder", folder).log("A folder is left behind");
        }
    }
}
