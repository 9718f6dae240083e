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
import leat.core.artifact.Fingerprint;
import leat.core.artifact.StoredFile;
import leat.core.artifact.StoredFiles;
import leat.core.event.Names;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.ResolvedModel;
import leat.core.tracking.TrackingRefused;
import leat.ml.objectstore.ObjectStore;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.LogConnection;

/// Models of which nothing but the log is needed, other than files that are in an object store.
public final class ModelsInLog implements Models, AutoCloseable {

    private final TrackingLog tracking;
    private final RegistryLog registry;
    private final ArtifactLog artifacts;
    private final ObjectStore objects;
    private final Sources sources;

    /// The topics have to be there when it is asked for the first time. There is no object store.
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

    /// Reads by what others use too, and closes it. There is no object store.
    public ModelsInLog(TrackingLog tracking, RegistryLog registry, ArtifactLog artifacts) {
        this(tracking, registry, artifacts, ObjectStore.NONE);
    }

    /// The same with an object store, which it closes too.
    public ModelsInLog(
            TrackingLog tracking,
            RegistryLog registry,
            ArtifactLog artifacts,
            ObjectStore objects) {
        this.tracking = tracking;
        this.registry = registry;
        this.artifacts = artifacts;
        this.objects = objects;
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
        Optional<StoredFiles> stored = version.info().stored();
        if (stored.isPresent()) {
            return stored.get().files().stream()
                    .map(file ->
                            new ModelFile(
                                    file.path(),
                                    file.sizeBytes(),
                                    new Fingerprint.Etag(file.etag())))
                    .toList();
        }
        ArtifactPath folder = folder(version);
        return artifacts.below(folder).stream()
                .map(file ->
                        new ModelFile(
                                file.path().below(folder),
                                file.sizeBytes(),
                                new Fingerprint.Sha256(file.sha256())))
                .toList();
    }

    /// Where its files are in the log.
    private ArtifactPath folder(ModelVersion version) {
        String uri = sources.uri(version.info().source());
        if (uri.startsWith(ObjectStore.SCHEME)) {
            throw TrackingRefused.invalid(
                    version.reference()
                            + " is in '"
                            + uri
                            + "', and which files it is was not looked up when it was registered:"
                            + " register it again as a new version, with a console whose leat.yaml"
                            + " names the store under models.object-store");
        }
        return Sources.artifactPath(uri);
    }

    @Override
    public InputStream open(ModelVersion version, String path) {
        Optional<StoredFiles> stored = version.info().stored();
        return stored.isPresent() ? object(version, stored.get(), path) : artifact(version, path);
    }

    private InputStream object(ModelVersion version, StoredFiles stored, String path) {
        StoredFile file =
                stored.file(path)
                        .orElseThrow(() ->
                                TrackingRefused.absent(
                                        version.reference()
                                                + " has no file '"
                                                + path
                                                + "' in "
                                                + stored.uri()));
        return objects.open(stored.uri(), file)
                .orElseThrow(() ->
                        TrackingRefused.absent(
                                "file '"
                                        + path
                                        + "' of "
                                        + version.reference()
                                        + " in "
                                        + stored.uri()
                                        + " is not the one that was registered any more: register"
                                        + " it again as a new version"));
    }

    private InputStream artifact(ModelVersion version, String path) {
        ArtifactPath wanted = folder(version).resolve(path);
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
        objects.close();
        artifacts.close();
        registry.close();
        tracking.close();
    }
}
