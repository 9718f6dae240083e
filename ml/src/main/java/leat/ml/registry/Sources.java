package leat.ml.registry;

import java.util.Optional;
import java.util.function.Function;
import leat.core.artifact.ArtifactPath;
import leat.core.artifact.StoredFiles;
import leat.core.model.ModelReference;
import leat.core.tracking.TrackingRefused;
import leat.ml.tracking.Tracking;

/// Where the files are that a version's source names: `mlflow-artifacts:/PATH`, `runs:/RUN/PATH`,
/// `models:/m-ID` of a logged model, or `models:/` with another version.
public record Sources(Tracking tracking, Registry registry) {

    private static final String ARTIFACTS = "mlflow-artifacts:";
    private static final String PROXY = "/api/2.0/mlflow-artifacts/artifacts/";
    private static final String RUNS = "runs:/";
    private static final String MODELS = "models:/";
    private static final int DEPTH = 5;

    /// The URI that a source stands for in the end, which may be of another store.
    ///
    /// @throws TrackingRefused when what it names is not there
    public String uri(String source) {
        return uri(source, DEPTH);
    }

    private String uri(String source, int depth) {
        if (depth == 0) {
            throw TrackingRefused.invalid("The source '" + source + "' leads to itself");
        }
        if (source.startsWith(RUNS)) {
            return below(source.substring(RUNS.length()), this::ofRun);
        }
        if (source.startsWith(MODELS + "m-")) {
            return below(source.substring(MODELS.length()), this::ofLoggedModel);
        }
        if (source.startsWith(MODELS)) {
            ModelReference reference = ModelReference.parse(source);
            return uri(
                    registry.read(state -> state.resolve(reference)).version().info().source(),
                    depth - 1);
        }
        return source;
    }

    /// The objects that the files of a version are that a source names; empty where it names none,
    /// or one whose files are not in an object store.
    ///
    /// @throws TrackingRefused when there is no such version
    Optional<StoredFiles> stored(String source) {
        if (!source.startsWith(MODELS) || source.startsWith(MODELS + "m-")) {
            return Optional.empty();
        }
        ModelReference reference = ModelReference.parse(source);
        return registry.read(state -> state.resolve(reference)).version().info().stored();
    }

    private static String below(String idAndPath, Function<String, String> root) {
        int slash = idAndPath.indexOf('/');
        return slash < 0
                ? root.apply(idAndPath)
                : root.apply(idAndPath.substring(0, slash)) + idAndPath.substring(slash);
    }

    private String ofRun(String id) {
        return tracking.read(state -> state.run(id))
                .orElseThrow(() -> TrackingRefused.absent("Run with id=" + id + " not found"))
                .info()
                .artifactUri();
    }

    private String ofLoggedModel(String id) {
        return registry.read(state -> state.logged(id, true))
                .orElseThrow(() ->
                        TrackingRefused.absent("Logged model with ID '" + id + "' not found."))
                .info()
                .artifactUri();
    }

    /// The path of the artifacts that a source stands for.
    ///
    /// @throws TrackingRefused when what it names is not there, or is in another store
    public ArtifactPath path(String source) {
        return artifactPath(uri(source));
    }

    /// The path of a URI of artifacts that are in the log.
    ///
    /// @throws TrackingRefused when they are in another store
    public static ArtifactPath artifactPath(String uri) {
        if (!uri.startsWith(ARTIFACTS)) {
            throw TrackingRefused.invalid("'" + uri + "' is not in the log: read it where it is");
        }
        String path = uri.substring(ARTIFACTS.length());
        if (path.startsWith("//")) {
            int slash = path.indexOf('/', 2);
            path = slash < 0 ? "" : path.substring(slash);
        }
        return ArtifactPath.of(path.startsWith(PROXY) ? path.substring(PROXY.length()) : path);
    }
}
