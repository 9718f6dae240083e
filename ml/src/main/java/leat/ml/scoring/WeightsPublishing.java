package leat.ml.scoring;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.UnsafeByteOperations;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import leat.core.artifact.ArtifactLimits;
import leat.core.artifact.ArtifactPath;
import leat.core.artifact.Fingerprint;
import leat.core.failpoint.FailPoint;
import leat.core.model.AliasCommand;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.MoveRefused;
import leat.core.model.VersionCommand;
import leat.core.scoring.ModelFailed;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.Artifacts;
import leat.ml.registry.Models;
import leat.ml.registry.Promotions;
import leat.ml.registry.Registry;
import leat.ml.weights.OnnxInitializers;
import leat.ml.weights.Weights;
import leat.ml.weights.WeightsRefused;
import leat.stream.log.LogUnavailable;

/// Makes versions of weights alone: first their file, then in one transaction the version and the
/// alias. Everything is checked before anything is written. The same weights for the same model are
/// one version, so that to do it again is safe.
///
/// @param artifacts of the same log, as are the others
public record WeightsPublishing(Registry registry, Artifacts artifacts, Models models) {

    private static final String FOLDER = "weights";
    private static final String ONNX = ".onnx";
    private static final int ID_DIGITS = 32;

    /// What is to be published.
    ///
    /// @param base whose weights they take the place of, in part or as a whole
    /// @param file `.safetensors`, `.npz`, or `.onnx` of a model of the same graph
    /// @param alias that is to point to the version; empty for none
    /// @param description may be empty
    public record Order(
            ModelReference base,
            Path file,
            Optional<String> alias,
            Promotions.Will will,
            String description) {}

    /// What came of it.
    ///
    /// @param base the version that has the whole model
    /// @param names of the weights that are other than the base's
    /// @param sizeBytes of the file
    /// @param isNew whether the version was not there before
    /// @param moved where the alias is; empty where none was asked for
    public record Published(
            ModelVersion version,
            ModelVersion base,
            List<String> names,
            long sizeBytes,
            boolean isNew,
            Optional<Promotions.Moved> moved) {

        public Published {
            names = List.copyOf(names);
        }
    }

    /// A version that may be there already.
    @SuppressWarnings("ArrayRecordComponent") // not compared
    private record Made(VersionCommand.Create version, ArtifactPath file, byte[] bytes) {}

    /// Publishes weights.
    ///
    /// @throws WeightsRefused when they are not for the base
    /// @throws ModelFailed when the base is no ONNX model, or it cannot be opened with them
    /// @throws MoveRefused when something speaks against moving the alias
    /// @throws TrackingRefused when there is no such base, or it may not be done
    /// @throws LogUnavailable when Kafka does not do it, or does not say whether it did: to do it
    ///   again is safe
    public Published publish(Order order) {
        ModelVersion base = registry.read(state -> state.resolve(order.base())).version();
        WeightedGraph graph = WeightedGraph.of(models, base);
        OnnxInitializers initializers = graph.initializers();
        Weights given = given(graph.root().reference(), initializers, order.file());
        Weights changed = initializers.changed(given.over(graph.weights()));
        if (changed.byName().isEmpty()) {
            throw new WeightsRefused(
                    "the weights are those of " + graph.root().reference() + " already",
                    "promote that one: leat models promote "
                            + base.modelName()
                            + " "
                            + graph.root().info().number());
        }
        graph.open(changed).close();

        Made made = made(graph, changed, order.description());
        String wish = UUID.randomUUID().toString();
        VersionCommand.PublishWeights command =
                new VersionCommand.PublishWeights(
                        made.version(),
                        order.alias(),
                        new AliasCommand.Wish(
                                wish,
                                order.will().force(),
                                order.will().because(),
                                Optional.empty()));
        boolean isNew = registry.read(made.version()::known).isEmpty();
        // Refused before there is a file that nobody asks for.
        registry.read(state -> command.decide(state, 0));
        keep(made);
        FailPoint.reach("weights.after-file");
        registry.write(command);
        FailPoint.reach("weights.after-version");
        return new Published(
                registry.read(made.version()::known)
                        .orElseThrow(
                                () -> TrackingRefused.absent("the version was deleted at once")),
                graph.root(),
                changed.names(),
                made.bytes().length,
                isNew,
                order.alias()
                        .map(alias ->
                                new Promotions(registry, models)
                                        .after(base.modelName(), alias, wish)));
    }

    private static Weights given(String base, OnnxInitializers initializers, Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.toLowerCase(Locale.ROOT).endsWith(ONNX)) {
            Weights weights = Weights.read(file);
            initializers.check(base, weights);
            return weights;
        }
        try {
            if (Files.size(file) > ArtifactLimits.FILE_BYTES) {
                throw new WeightsRefused(
                        name + " has more than " + ArtifactLimits.FILE_BYTES + " bytes",
                        "give the weights that have changed as " + Weights.SAFE_TENSORS);
            }
            return initializers.ofSameGraph(
                    base,
                    OnnxInitializers.of(
                            name, UnsafeByteOperations.unsafeWrap(Files.readAllBytes(file))),
                    name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Made made(WeightedGraph graph, Weights weights, String description) {
        byte[] bytes = weights.safeTensors();
        ModelVersion root = graph.root();
        String id =
                sha256((root.info().id() + "\n" + sha256(bytes)).getBytes(UTF_8))
                        .substring(0, ID_DIGITS);
        ArtifactPath folder = new ArtifactPath(FOLDER + "/" + id);
        return new Made(
                new VersionCommand.Create(
                        id,
                        root.modelName(),
                        "mlflow-artifacts:/" + folder,
                        "",
                        "",
                        "",
                        description,
                        tags(root, graph.file().file().fingerprint())),
                folder.resolve(Weights.FILE),
                bytes);
    }

    /// A base in an object store never has other bytes than it was registered with.
    private static Map<String, String> tags(ModelVersion root, Fingerprint graph) {
        String number = Integer.toString(root.info().number());
        return switch (graph) {
            case Fingerprint.Sha256(String digits) ->
                    Map.of(ModelVersion.BASE_TAG, number, ModelVersion.BASE_SHA256_TAG, digits);
            case Fingerprint.Etag _ -> Map.of(ModelVersion.BASE_TAG, number);
        };
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Puts the file there, unless one who was killed has.
    private void keep(Made made) {
        String sha256 = sha256(made.bytes());
        if (artifacts.file(made.file()).filter(file -> file.sha256().equals(sha256)).isEmpty()) {
            artifacts.put(made.file(), new ByteArrayInputStream(made.bytes()));
        }
    }
}
