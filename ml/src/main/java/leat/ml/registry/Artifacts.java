package leat.ml.registry;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactEntry;
import leat.core.artifact.ArtifactPath;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;
import leat.stream.log.LogUnavailable;

/// The files of runs and models, read and written. For many threads.
public interface Artifacts {

    /// Refuses everything, where no artifacts are kept.
    Artifacts NONE =
            new Artifacts() {
                @Override
                public void put(ArtifactPath path, InputStream content) {
                    throw refused();
                }

                @Override
                public Optional<Artifact> file(ArtifactPath path) {
                    throw refused();
                }

                @Override
                public List<Artifact> below(ArtifactPath folder) {
                    throw refused();
                }

                @Override
                public List<ArtifactEntry> list(ArtifactPath folder) {
                    throw refused();
                }

                @Override
                public InputStream open(Artifact artifact) {
                    throw refused();
                }

                @Override
                public void delete(ArtifactPath path) {
                    throw refused();
                }

                private TrackingRefused refused() {
                    return new TrackingRefused(
                            TrackingError.ENDPOINT_NOT_FOUND, "No artifacts are kept here.");
                }
            };

    /// Keeps a file, in the place of one that is there. When it returns, everybody can read it;
    /// before, nobody sees any of it.
    ///
    /// @param content is read to its end, and not closed
    /// @throws TrackingRefused when it is too large, or cannot be there
    /// @throws java.io.UncheckedIOException when the content cannot be read to its end
    /// @throws LogUnavailable when Kafka does not do it, or does not say whether it did
    void put(ArtifactPath path, InputStream content);

    /// The file of a path.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    Optional<Artifact> file(ArtifactPath path);

    /// The files below a folder, however deep.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    List<Artifact> below(ArtifactPath folder);

    /// What a folder has; nothing where it is none.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    List<ArtifactEntry> list(ArtifactPath folder);

    /// Reads the bytes of a file while they come from Kafka. They are checked: what is damaged has
    /// no end, but throws [ArtifactDamaged] before its last part. Whoever opened it closes it.
    ///
    /// @throws LogUnavailable when Kafka does not answer, here and while it is read
    InputStream open(Artifact artifact);

    /// Deletes a file, or a folder with everything below it; nothing where neither is there.
    ///
    /// @throws LogUnavailable when Kafka does not do it, or does not say whether it did
    void delete(ArtifactPath path);
}
