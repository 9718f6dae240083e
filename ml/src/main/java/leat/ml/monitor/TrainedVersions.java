package leat.ml.monitor;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import leat.core.artifact.Artifact;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileUnreadable;
import leat.core.tracking.TrackingRefused;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.Artifacts;
import leat.ml.registry.ModelFile;
import leat.ml.registry.Models;
import leat.ml.registry.Sources;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Versions in the registry. Their tags say where their profiles are.
final class TrainedVersions implements TrainedVersion.Source {

    private static final Logger LOG = LoggerFactory.getLogger(TrainedVersions.class);
    private static final int MAX_KNOWN = 50;
    private static final int MAX_PROFILE_BYTES = 32 << 20;

    private final Models models;
    private final Artifacts artifacts;
    private final Map<String, TrainedVersion> known = new LinkedHashMap<>();

    TrainedVersions(Models models, Artifacts artifacts) {
        this.models = models;
        this.artifacts = artifacts;
    }

    @Override
    public synchronized TrainedVersion of(String version) {
        TrainedVersion found = known.get(version);
        if (found != null) {
            return found;
        }
        try {
            ModelVersion registered = models.resolve(ModelReference.parse(version)).version();
            Looked features = look(registered, ModelVersion.PROFILE_TAG);
            Looked scores = look(registered, ModelVersion.SCORE_PROFILE_TAG);
            TrainedVersion read =
                    new TrainedVersion(
                            features.profile(),
                            scores.profile(),
                            OptionalLong.of(registered.info().createdMillis()),
                            size(registered));
            if (!features.failed() && !scores.failed()) {
                remember(version, read);
            }
            return read;
        } catch (TrackingRefused e) {
            // The registry may not have come so far in the log, so it is asked again next time.
            tell(version, e);
            return TrainedVersion.UNKNOWN;
        }
    }

    private void remember(String version, TrainedVersion read) {
        if (known.size() == MAX_KNOWN) {
            known.remove(known.keySet().iterator().next());
        }
        known.put(version, read);
    }

    /// Of its files; new weights alone are no measure of what is computed with.
    private OptionalLong size(ModelVersion version) {
        try {
            List<ModelFile> files = version.base().isPresent() ? List.of() : models.files(version);
            return files.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(files.stream().mapToLong(ModelFile::sizeBytes).sum());
        } catch (TrackingRefused _) {
            return OptionalLong.empty();
        }
    }

    /// A profile, where it was found.
    ///
    /// @param failed whether there is one that could not be read, which may be otherwise next time
    private record Looked(Optional<Profile> profile, boolean failed) {}

    private Looked look(ModelVersion version, String tag) {
        String uri = version.tags().get(tag);
        if (uri == null) {
            return new Looked(Optional.empty(), false);
        }
        try {
            Optional<Artifact> file = artifacts.file(Sources.artifactPath(uri));
            return new Looked(file.map(this::profile), file.isEmpty());
        } catch (ArtifactDamaged | ProfileUnreadable e) {
            tell(version.reference(), e);
            return new Looked(Optional.empty(), true);
        } catch (TrackingRefused | IllegalArgumentException e) {
            // It is not in the log, and will not be.
            tell(version.reference(), e);
            return new Looked(Optional.empty(), false);
        }
    }

    private Profile profile(Artifact file) {
        try (InputStream in = artifacts.open(file)) {
            return Profile.parse(in.readNBytes(MAX_PROFILE_BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void tell(String version, RuntimeException cause) {
        LOG.atWarn()
                .addKeyValue("version", version)
                .addKeyValue("cause", cause.getMessage())
                .log("A version's training profile cannot be read: a window is its baseline");
    }
}
