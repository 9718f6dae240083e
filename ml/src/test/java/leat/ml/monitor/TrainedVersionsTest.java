package leat.ml.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactEntry;
import leat.core.artifact.ArtifactPath;
import leat.core.model.ModelVersion;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileSketch;
import leat.core.monitor.ProfiledFeature;
import leat.ml.registry.Artifacts;
import leat.ml.scoring.MapOfModels;
import org.junit.jupiter.api.Test;

final class TrainedVersionsTest {

    private static final String URI = "mlflow-artifacts:/1/run/artifacts/";

    private final MapOfModels models = new MapOfModels();
    private final Map<String, byte[]> files = new HashMap<>();
    private final TrainedVersions versions = new TrainedVersions(models, new Files(files));

    /// Only what watching needs of artifacts.
    private record Files(Map<String, byte[]> files) implements Artifacts {
        @Override
        public Optional<Artifact> file(ArtifactPath path) {
            return Optional.ofNullable(files.get(path.text()))
                    .map(bytes -> new Artifact(path, "u", bytes.length, "", 1, 0, 0, 0));
        }

        @Override
        public InputStream open(Artifact artifact) {
            return new ByteArrayInputStream(files.get(artifact.path().text()));
        }

        @Override
        public void put(ArtifactPath path, InputStream content) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Artifact> below(ArtifactPath folder) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ArtifactEntry> list(ArtifactPath folder) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void delete(ArtifactPath path) {
            throw new UnsupportedOperationException();
        }
    }

    private static Profile profile(String name) {
        ProfileSketch sketch = new ProfileSketch(List.of(ProfiledFeature.number(name)));
        for (int row = 0; row < 100; row++) {
            sketch.add(row, List.of((double) row));
        }
        return sketch.profile();
    }

    private void put(int version, String tag, String file, byte[] bytes) {
        models.tag(version, tag, URI + file);
        files.put("1/run/artifacts/" + file, bytes);
    }

    @Test
    void profilesAreTheFilesThatTheTagsOfATrainingName() {
        int version = models.register(new byte[0]);
        put(version, ModelVersion.PROFILE_TAG, "training-profile.json", profile("a").json());
        put(version, ModelVersion.SCORE_PROFILE_TAG, "score-profile.json", profile("s").json());

        TrainedVersion known = versions.of("risk/1");

        assertThat(known.features()).contains(profile("a"));
        assertThat(known.scores()).contains(profile("s"));
        assertThat(known.createdMillis()).hasValue(0);
    }

    @Test
    void whatCannotBeReadIsNoProfile() {
        int version = models.register(new byte[0]);
        put(
                version,
                ModelVersion.PROFILE_TAG,
                "training-profile.json",
                "{".getBytes(StandardCharsets.UTF_8));
        models.tag(version, ModelVersion.SCORE_PROFILE_TAG, "s3://elsewhere/score-profile.json");

        TrainedVersion known = versions.of("risk/1");

        assertThat(known.features()).isEmpty();
        assertThat(known.scores()).isEmpty();
        assertThat(known.createdMillis()).hasValue(0);
    }

    @Test
    void aProfileThatCouldNotBeReadIsAskedForAgain() {
        int version = models.register(new byte[0]);
        put(version, ModelVersion.PROFILE_TAG, "training-profile.json", new byte[] {'{'});
        assertThat(versions.of("risk/1").features()).isEmpty();

        put(version, ModelVersion.PROFILE_TAG, "training-profile.json", profile("a").json());

        assertThat(versions.of("risk/1").features()).contains(profile("a"));
    }

    @Test
    void aVersionThatIsNotKnownYetIsAskedForAgain() {
        assertThat(versions.of("risk/1")).isEqualTo(TrainedVersion.UNKNOWN);

        models.register(new byte[0]);

        assertThat(versions.of("risk/1").createdMillis()).hasValue(0);
    }
}
