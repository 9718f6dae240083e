package leat.ml.scoring;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;
import leat.core.artifact.ArtifactLimits;
import leat.core.file.Folders;
import leat.core.model.ModelVersion;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.tracking.TrackingRefused;
import leat.ml.objectstore.ObjectStoreUnavailable;
import leat.ml.online.OnlineModel;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.ModelFile;
import leat.ml.registry.Models;
import leat.ml.weights.OnnxInitializers;
import leat.ml.weights.Weights;
import leat.ml.weights.WeightsRefused;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The files of a version. Those of ONNX are laid into a folder of this machine while the runtime
/// opens the model: weights may lie in files of their own, which is what MLflow makes of large
/// ones, and are looked for beside the model. Of a version of weights alone the model is composed
/// there, of its base's.
record ModelFiles(Models models, ModelVersion version) {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFiles.class);

    private static final long MOST_BYTES = 4L << 30;
    private static final long MOST_ONLINE_BYTES = 64L << 20;

    /// Of weights alone and of the model that they are for, which are composed as a whole. A file
    /// in the log is not larger.
    private static final long MOST_EXCHANGED_BYTES = ArtifactLimits.FILE_BYTES;

    /// Opens what the version is: an ONNX model, or one that learns as it scores.
    ///
    /// @throws ModelFailed when there is no model, or it cannot be opened
    /// @throws TrackingRefused when the version's source is not in the log, or it has a file that
    ///   is not in its object store as it was registered
    /// @throws ObjectStoreUnavailable when its object store does not answer
    /// @throws ArtifactDamaged when a file is not what was kept
    /// @throws UncheckedIOException when the folder cannot be written, or a file breaks off
    Model open() {
        return switch (VersionFile.of(version, models.files(version))) {
            case VersionFile.Learning(ModelFile file) -> online(file);
            case VersionFile.Onnx onnx -> inFolder(folder -> OnnxModel.open(laid(onnx, folder)));
            case VersionFile.WeightsAlone weights -> {
                WeightedGraph graph = WeightedGraph.of(models, version, weights);
                yield graph.open(graph.weights());
            }
        };
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

    /// Opens the model that the version's becomes with other weights.
    ///
    /// @param onnx of this version
    /// @throws ModelFailed when they are not for it, or it cannot be opened with them
    OnnxModel openWith(VersionFile.Onnx onnx, Weights weights) {
        checkExchanged(onnx.file());
        return inFolder(folder -> {
            Path whole = laid(onnx, folder);
            Path composed = whole.resolveSibling("composed-" + whole.getFileName());
            try {
                ByteString model = initializers(whole).with(version.reference(), weights);
                try (OutputStream out =
                        Files.newOutputStream(composed, StandardOpenOption.CREATE_NEW)) {
                    model.writeTo(out);
                }
            } catch (WeightsRefused e) {
                throw new ModelFailed(String.valueOf(e.getMessage()), e);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return OnnxModel.open(composed);
        });
    }

    private void checkExchanged(ModelFile file) {
        if (file.sizeBytes() > MOST_EXCHANGED_BYTES) {
            throw new ModelFailed(
                    file.path()
                            + " of "
                            + version.reference()
                            + " has "
                            + file.sizeBytes()
                            + " bytes, and may have "
                            + MOST_EXCHANGED_BYTES
                            + " where weights are exchanged; register a whole model");
        }
    }

    /// What can be exchanged in the version's model, its bytes copied.
    ///
    /// @param onnx of this version
    /// @throws ModelFailed when it is too large for that
    /// @throws WeightsRefused when it is no model
    OnnxInitializers initializers(VersionFile.Onnx onnx) {
        checkExchanged(onnx.file());
        try (InputStream in = models.open(version, onnx.file().path())) {
            return OnnxInitializers.of(version.reference(), ByteString.readFrom(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OnnxInitializers initializers(Path onnx) throws IOException {
        try (FileChannel file = FileChannel.open(onnx)) {
            return OnnxInitializers.of(
                    version.reference(),
                    UnsafeByteOperations.unsafeWrap(
                            file.map(FileChannel.MapMode.READ_ONLY, 0, file.size())));
        }
    }

    /// Reads a version's file of weights.
    ///
    /// @throws ModelFailed when it is too large
    /// @throws WeightsRefused when it is none
    Weights weights(VersionFile.WeightsAlone weights) {
        checkExchanged(weights.file());
        return inFolder(folder -> {
            String path = weights.file().path();
            Path to = folder.resolve(path.substring(path.lastIndexOf('/') + 1));
            copy(weights.file(), to);
            return Weights.read(to);
        });
    }

    /// Lays an ONNX file and what is beside it into a folder.
    ///
    /// @return where it is
    private Path laid(VersionFile.Onnx onnx, Path folder) {
        long bytes = onnx.folder().stream().mapToLong(ModelFile::sizeBytes).sum();
        if (bytes > MOST_BYTES) {
            throw new ModelFailed(
                    "has " + bytes + " bytes of files; log the model into a folder of its own");
        }
        onnx.folder().forEach(file -> copy(file, folder.resolve(file.path())));
        return folder.resolve(onnx.file().path());
    }

    private void copy(ModelFile file, Path to) {
        try {
            Files.createDirectories(to.getParent());
            try (InputStream in = models.open(version, file.path())) {
                Files.copy(in, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T inFolder(Function<Path, T> work) {
        Path folder;
        try {
            folder = Files.createTempDirectory("leat-model");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            return work.apply(folder);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            LOG.atWarn().setCause(e).addKeyValue("folder", folder).log("A folder is left behind");
        }
    }
}
