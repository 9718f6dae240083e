package leat.ml.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.ResolvedModel;
import leat.core.tracking.TrackingRefused;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;

/// Models of which nothing but the log is needed.
public final class ModelsInLog implements Models, AutoCloseable {

    private final TrackingLog tracking;
    private final RegistryLog registry;
    private final ArtifactLog artifacts;
    private final Sources sources;

    /// The topics have to be there when it is asked for the first time.
    public ModelsInLog(LogConnection log, Names names) {
        this(
                new TrackingLog(log, names, InstantSource.system()),
                new RegistryLog(log, names, InstantSource.system()),
                // Nothing is uploaded here.
                new ArtifactLog(
                        log,
                        names,
                        Path.of(System.getProperty("java.io.tmpdir")),
                        InstantSource.system()));
    }

    /// Reads by what others use too, and closes it.
    public ModelsInLog(TrackingLog tracking, RegistryLog registry, ArtifactLog artifacts) {
        this.tracking = tracking;
        this.registry = registry;
        this.artifacts = artifacts;
        this.sources = new Sources(tracking, registry);
    }

    @Override
    public ResolvedModel resolve(ModelReference reference) {
        return registry.read(state -> state.resolve(reference));
    }

    @Override
    public List<String> names() {
        return registry.read(
                state -> state.models().stream().map(model -> model.info().name()).toList());
    }

    @Override
    public List<ModelVersion> versions(String modelName) {
        return registry.read(state -> state.versions(modelName));
    }

    @Override
    public List<ModelFile> files(ModelVersion version) {
        ArtifactPath folder = sources.path(version.info().source());
        return artifacts.below(folder).stream()
                .map(file ->
                        new ModelFile(file.path().below(folder), file.sizeBytes(), file.sha256()))
                .toList();
    }

    @Override
    public InputStream open(ModelVersion version, String path) {
        ArtifactPath wanted = sources.path(version.info().source()).resolve(path);
        Artifact file =
                artifacts
                        .file(wanted)
                        .orElseThrow(() ->
                                TrackingRefused.absent(
                                        version.reference()
                                                + " has no file '"
                                                + path
                                                + "': there is no artifact "
                                                + wanted));
        return artifacts.open(file);
    }

    /// A file by the URI that a tag names it by, e.g. a version's training profile; empty where the
    /// log does not have it.
    ///
    /// @throws ArtifactDamaged when its bytes are not what was written
    public Optional<byte[]> bytes(String uri) {
        try {
            return artifacts
                    .file(Sources.artifactPath(uri))
                    .map(file -> {
                        try (InputStream in = artifacts.open(file)) {
                            return in.readAllBytes();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        } catch (TrackingRefused _) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        artifacts.close();
        registry.close();
        tracking.close();
    }
}
