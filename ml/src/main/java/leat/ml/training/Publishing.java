package leat.ml.training;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.function.Supplier;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.failpoint.FailPoint;
import leat.core.model.ModelVersion;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileUnreadable;
import leat.core.tracking.TrackingError;
import leat.core.tracking.TrackingRefused;
import leat.core.training.Cause;
import leat.core.training.Training;
import leat.ml.registry.ArtifactDamaged;
import leat.ml.registry.Artifacts;
import leat.ml.registry.Registry;
import leat.ml.registry.Sources;
import leat.ml.training.algorithm.Fitted;
import org.jspecify.annotations.Nullable;

/// Puts what was learned into the registry: first its files, then in one transaction the version,
/// its tags and the alias. So there is no version without its files, and no alias on half a one.
///
/// @param training whose versions they are
record Publishing(Registry registry, Artifacts artifacts, Training training) {

    private static final String MODEL_FOLDER = "model";
    private static final String DATASET_FILE = "dataset.json";
    private static final String PROFILE_FILE = "training-profile.json";
    private static final String SCORES_FILE = "score-profile.json";

    /// Of a version that a program has made: whether the same has given the same bytes.
    static final String REPRODUCED = "leat.reproduced";

    /// Lets a run, and no earlier one, publish versions of the model, which is there afterwards.
    void claim(String runId) {
        if (registry.read(state -> state.model(training.model())).isEmpty()) {
            try {
                registry.write(
                        new RegisteredModelCommand.Create(
                                UUID.randomUUID().toString(),
                                training.model(),
                                training.description(),
                                Map.of()));
            } catch (TrackingRefused e) {
                if (e.error() != TrackingError.RESOURCE_ALREADY_EXISTS) {
                    throw e;
                }
            }
        }
        registry.write(
                new RegisteredModelCommand.SetTag(
                        training.model(), VersionCommand.TRAINING_RUN_TAG, runId));
    }

    /// Whether a run has published a version.
    boolean hasVersionOf(String runId) {
        return versions().stream().anyMatch(version -> version.info().runId().equals(runId));
    }

    /// All versions of the model, the oldest first.
    List<ModelVersion> versions() {
        return registry.read(state -> state.versions(training.model()));
    }

    static boolean hasPassed(ModelVersion version) {
        return ModelVersion.PASSED.equals(version.tags().get(ModelVersion.GATES_TAG));
    }

    /// The newest version of the training that has passed, of a commit.
    Optional<ModelVersion> newestOfACommit() {
        return newestPassed(version ->
                training.name().value().equals(version.tags().get(ModelVersion.TRAINING_TAG))
                        && version.tags().containsKey(Cause.COMMIT_TAG));
    }

    /// What the newest version that has passed has learned from; empty where there is none, or it
    /// cannot be read any more.
    Optional<Profile> profileBefore() {
        return newestPassed(version -> version.tags().containsKey(ModelVersion.PROFILE_TAG))
                .flatMap(this::profile);
    }

    /// The newest version that has passed and is such a one.
    Optional<ModelVersion> newestPassed(Predicate<ModelVersion> isSuch) {
        return versions().reversed().stream()
                .filter(Publishing::hasPassed)
                .filter(isSuch)
                .findFirst();
    }

    /// The model of a version; empty where the log does not have it, or it is not in ONNX.
    Optional<byte[]> onnx(ModelVersion version) {
        try {
            return read(Sources.artifactPath(version.info().source()).resolve(Fitted.ONNX_FILE));
        } catch (TrackingRefused | ArtifactDamaged _) {
            return Optional.empty();
        }
    }

    private Optional<Profile> profile(ModelVersion version) {
        @Nullable String uri = version.tags().get(ModelVersion.PROFILE_TAG);
        return Optional.ofNullable(uri)
                .flatMap(one -> read(Sources.artifactPath(one)))
                .map(Profile::parse);
    }

    /// The bytes of a file; empty where it is not there.
    private Optional<byte[]> read(ArtifactPath path) {
        return artifacts
                .file(path)
                .map(file -> {
                    try (InputStream in = artifacts.open(file)) {
                        return in.readAllBytes();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /// The dataset of a run.
    ///
    /// @throws TrainingStopped when it has none that can be read
    DatasetName dataset(String runId, String artifactUri) {
        try {
            return read(Sources.artifactPath(artifactUri).resolve(DATASET_FILE))
                    .map(bytes -> DatasetName.parse(new String(bytes, UTF_8)))
                    .orElseThrow(() -> noDataset(runId, "it has no file " + DATASET_FILE));
        } catch (IllegalArgumentException | ArtifactDamaged e) {
            throw noDataset(runId, String.valueOf(e.getMessage()));
        }
    }

    private static TrainingStopped noDataset(String runId, String why) {
        return new TrainingStopped(
                "the run " + runId + " does not say what it has learned from: " + why,
                "name a run of leat train");
    }

    /// Keeps the dataset's name, before anything is learned from it.
    void keep(RunLog run, DatasetName dataset) {
        put(run, DATASET_FILE, dataset.json().getBytes(UTF_8));
    }

    /// Keeps what a program has said.
    ///
    /// @return where it is, as people are told
    String keepLog(RunLog run, String file, byte[] content) {
        put(run, file, content);
        return file + " of the run " + run.id();
    }

    /// What a version is made of.
    ///
    /// @param fromTime the query time of the first row
    /// @param toTime the query time of the last row
    record Made(Learned learned, DatasetName dataset, String fromTime, String toTime) {}

    /// Registers a version, and has the alias point to it where it has passed.
    ///
    /// @return the version
    /// @throws TrainingStopped when another training of the model has begun since
    ModelVersion publish(RunLog run, Made made, byte[] file) {
        put(run, PROFILE_FILE, made.learned().profile().json());
        put(run, SCORES_FILE, made.learned().scores().json());
        Fitted model = made.learned().model();
        put(run, MODEL_FOLDER + "/" + model.fileName(), file);
        if (model.fileName().equals(Fitted.ONNX_FILE)) {
            put(
                    run,
                    MODEL_FOLDER + "/" + MlModelFile.NAME,
                    MlModelFile.of(
                            file, model.score(), training.data().features(), run.id(), run.now()));
        }
        FailPoint.reach("training.after-files");
        String id = UUID.randomUUID().toString();
        boolean passed = made.learned().passed();
        VersionCommand.Create version =
                new VersionCommand.Create(
                        id,
                        training.model(),
                        run.artifactUri() + "/" + MODEL_FOLDER,
                        run.id(),
                        "",
                        "",
                        training.description(),
                        tags(run, made));
        try {
            registry.write(
                    new VersionCommand.Publish(
                            version, passed ? training.alias() : Optional.empty(), run.id()));
        } catch (TrackingRefused e) {
            throw new TrainingStopped(
                    training.model() + ": " + e.getMessage(), "train it again, one at a time");
        }
        FailPoint.reach("training.after-version");
        return versions().stream()
                .filter(one -> one.info().id().equals(id))
                .findFirst()
                .orElseThrow(() ->
                        new TrainingStopped(
                                "the version was deleted at once", "train the model again"));
    }

    /// What became of the gates, as tags say it.
    static String gates(Learned learned) {
        return learned.passed() ? ModelVersion.PASSED : ModelVersion.FAILED;
    }

    private Map<String, String> tags(RunLog run, Made made) {
        Map<String, String> tags = new TreeMap<>(run.cause().tags());
        tags.put(ModelVersion.GATES_TAG, gates(made.learned()));
        tags.put(ModelVersion.TRAINING_TAG, training.name().value());
        tags.put(ModelVersion.VIEW_TAG, made.dataset().rows().view());
        tags.put(ModelVersion.VIEW_FINGERPRINT_TAG, made.dataset().rows().fingerprint());
        training.data().set().ifPresent(set -> tags.put(ModelVersion.FEATURE_SET_TAG, set.value()));
        tags.put(ModelVersion.DEFINITION_TAG, training.fingerprint());
        tags.put(ModelVersion.DATASET_TAG, made.dataset().digest());
        tags.put("leat.positions", made.dataset().json());
        tags.put("leat.from", made.fromTime());
        tags.put(ModelVersion.TO_TAG, made.toTime());
        tags.put(ModelVersion.FEATURES_TAG, String.join(",", training.data().features()));
        if (training.data().nanForMissing()) {
            tags.put(ModelVersion.MISSING_TAG, ModelVersion.NAN);
        }
        tags.put("leat.algorithm", training.algorithm().name());
        tags.put(ModelVersion.SEED_TAG, Long.toString(training.seed()));
        tags.put(ModelVersion.SCORE_TAG, made.learned().model().score().toString());
        tags.put(ModelVersion.PROFILE_TAG, run.artifactUri() + "/" + PROFILE_FILE);
        tags.put(ModelVersion.SCORE_PROFILE_TAG, run.artifactUri() + "/" + SCORES_FILE);
        List<String> verdicts =
                made.learned().verdicts().stream().map(verdict -> verdict.toString()).toList();
        if (!verdicts.isEmpty()) {
            tags.put(ModelVersion.GATE_RESULTS_TAG, String.join("; ", verdicts));
        }
        if (training.algorithm().command().isPresent()) {
            tags.put(REPRODUCED, reproduced(tags, run));
        }
        return tags;
    }

    /// Whether earlier versions of the same rows, definition and seed have the same bytes. Whoever
    /// wants to know trains once more by the run's data; a program is not run twice for it.
    private String reproduced(Map<String, String> tags, RunLog run) {
        Optional<String> own = sha256(run.artifactUri() + "/" + MODEL_FOLDER);
        String found = "unchecked";
        for (ModelVersion version : versions()) {
            if (ModelVersion.ORIGIN_TAGS.stream()
                    .allMatch(key -> Objects.equals(tags.get(key), version.tags().get(key)))) {
                Optional<String> other = sha256(version.info().source());
                if (other.isPresent() && !other.equals(own)) {
                    return "other bytes than " + version.reference();
                }
                found = other.map(_ -> "same bytes as " + version.reference()).orElse(found);
            }
        }
        return found;
    }

    /// Of the ONNX file in a version's folder; empty where it is not there.
    private Optional<String> sha256(String source) {
        try {
            return artifacts
                    .file(Sources.artifactPath(source).resolve(Fitted.ONNX_FILE))
                    .map(Artifact::sha256);
        } catch (TrackingRefused _) {
            return Optional.empty();
        }
    }

    private void put(RunLog run, String file, byte[] bytes) {
        artifacts.put(
                Sources.artifactPath(run.artifactUri()).resolve(file),
                new ByteArrayInputStream(bytes));
    }

    /// A profile that an earlier program wrote in another form is none.
    static Optional<Profile> readable(Supplier<Optional<Profile>> reading) {
        try {
            return reading.get();
        } catch (ProfileUnreadable | ArtifactDamaged _) {
            return Optional.empty();
        }
    }
}
