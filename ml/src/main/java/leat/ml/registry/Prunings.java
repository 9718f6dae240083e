package leat.ml.registry;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactPath;
import leat.core.failpoint.FailPoint;
import leat.core.model.ModelVersion;
import leat.core.model.PruneRefused;
import leat.core.model.Pruning;
import leat.core.model.RegisteredModel;
import leat.core.model.Retention;
import leat.core.model.VersionCommand;
import leat.core.tracking.RunStatus;
import leat.core.tracking.TrackingRefused;
import leat.ml.tracking.Tracking;
import leat.stream.log.LogUnavailable;

/// Deletes versions of models that nothing needs any more, and then their files. Which files are
/// left to delete is noted with the deletion of the versions, so that whoever is killed in between
/// leaves nothing behind that the next one does not find.
///
/// @param artifacts of the same log, as is the tracking
/// @param needed what else versions are needed for
public record Prunings(
        Tracking tracking,
        Registry registry,
        Artifacts artifacts,
        NeededVersions needed,
        InstantSource clock) {

    /// Versions of one transaction.
    private static final int BATCH = 50;

    /// The files of a version.
    ///
    /// @param where the folder that they are in; where it is not in the log, the version's source
    /// @param count how many there are in the log, none where the folder is not
    /// @param sizeBytes of all of them
    /// @param staying why they stay, as in "they stay: WHY"; empty where they go
    public record Files(String where, int count, long sizeBytes, Optional<String> staying) {}

    /// A version with its files, one that would go, or one that was deleted without them.
    public record Going(int version, Files files) {}

    /// What would go now.
    ///
    /// @param rule by which it was chosen
    /// @param versions that would go, the newest first
    /// @param left files of versions that were deleted by one who was killed
    /// @param staying versions by their numbers, each with why, as in "it stays: WHY"
    public record Plan(
            String model,
            Pruning.Rule rule,
            List<Going> versions,
            List<Going> left,
            SortedMap<Integer, String> staying) {

        public Plan {
            versions = List.copyOf(versions);
            left = List.copyOf(left);
        }

        /// Whether there is nothing to do.
        public boolean isEmpty() {
            return versions.isEmpty() && left.isEmpty();
        }

        /// How many bytes go with the files. Versions may have the same ones.
        public long freedBytes() {
            Map<String, Long> folders = new HashMap<>();
            Stream.of(versions, left)
                    .flatMap(List::stream)
                    .map(Going::files)
                    .filter(files -> files.staying().isEmpty())
                    .forEach(files -> folders.put(files.where(), files.sizeBytes()));
            return folders.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /// What would go now of a model. Nothing is written.
    ///
    /// @throws TrackingRefused when there is no such model
    /// @throws LogUnavailable when Kafka does not answer
    public Plan plan(String model, Retention retention) {
        Map<Integer, String> others = new HashMap<>(needed.of(model));
        unfinished(model).forEach(others::putIfAbsent);
        Pruning.Rule rule = new Pruning.Rule(retention, others);
        Pruning pruning = registry.read(state -> Pruning.of(state, model, rule, clock.millis()));
        Set<String> going =
                pruning.going().stream()
                        .map(ModelVersion::reference)
                        .collect(Collectors.toUnmodifiableSet());
        Map<Integer, String> notes = notes(model);
        if (going.isEmpty() && notes.isEmpty()) {
            return new Plan(model, rule, List.of(), List.of(), pruning.staying());
        }
        ClaimedPaths claimed = new ClaimedPaths(sources(), going);
        List<Going> versions = new ArrayList<>();
        for (ModelVersion version : pruning.going()) {
            versions.add(new Going(version.info().number(), files(version, claimed)));
        }
        List<Going> left = new ArrayList<>();
        notes.forEach((number, folder) ->
                left.add(new Going(number, files(new ArtifactPath(folder), claimed))));
        return new Plan(model, rule, versions, left, pruning.staying());
    }

    private Sources sources() {
        return new Sources(tracking, registry);
    }

    /// Versions of trainings whose run has not ended: that it has a version says that it did all
    /// that it was to do, should its process be gone.
    private Map<Integer, String> unfinished(String model) {
        List<ModelVersion> trained =
                registry.read(state -> state.versions(model)).stream()
                        .filter(version -> version.tags().containsKey(ModelVersion.TRAINING_TAG))
                        .toList();
        return tracking.read(state -> {
            Map<Integer, String> unfinished = new HashMap<>();
            for (ModelVersion version : trained) {
                state.run(version.info().runId())
                        .filter(run -> run.info().status() == RunStatus.RUNNING)
                        .ifPresent(_ ->
                                unfinished.put(
                                        version.info().number(), "its training has not ended"));
            }
            return unfinished;
        });
    }

    private Files files(ModelVersion version, ClaimedPaths claimed) {
        try {
            return files(sources().path(version.info().source()), claimed);
        } catch (TrackingRefused e) {
            return new Files(
                    version.info().source(), 0, 0, Optional.of(String.valueOf(e.getMessage())));
        }
    }

    private Files files(ArtifactPath folder, ClaimedPaths claimed) {
        List<Artifact> files = artifacts.below(folder);
        return new Files(
                folder.text(),
                files.size(),
                files.stream().mapToLong(Artifact::sizeBytes).sum(),
                claimed.why(folder));
    }

    /// The folders of files that are left, by the numbers that their versions had.
    private SortedMap<Integer, String> notes(String model) {
        SortedMap<Integer, String> notes = new TreeMap<>();
        registry.read(state -> state.model(model))
                .map(RegisteredModel::tags)
                .ifPresent(tags ->
                        tags.forEach((key, folder) -> {
                            if (key.startsWith(VersionCommand.LEFT_FILES_TAG)) {
                                notes.put(
                                        Integer.valueOf(
                                                key.substring(
                                                        VersionCommand.LEFT_FILES_TAG.length())),
                                        folder);
                            }
                        }));
        return notes;
    }

    /// Deletes what was found to go, as far as it still may: versions are judged once more by the
    /// state that their deletion changes, files before they are deleted.
    ///
    /// @return the bytes of the files that were deleted
    /// @throws PruneRefused when a version is needed by now; what was deleted before is done
    /// @throws LogUnavailable when Kafka does not do it, or does not say whether it did: to do it
    ///   again is safe
    public long prune(Plan plan) {
        long freedBytes = deleteFiles(plan.model());
        for (int from = 0; from < plan.versions().size(); from += BATCH) {
            SortedMap<Integer, Optional<String>> folders = new TreeMap<>();
            List<Going> batch =
                    plan.versions().subList(from, Math.min(from + BATCH, plan.versions().size()));
            for (Going going : batch) {
                folders.put(
                        going.version(),
                        // Who has them too may be gone by then, so that does not matter yet.
                        Optional.of(going.files())
                                .filter(files -> files.count() > 0)
                                .map(Files::where));
            }
            registry.write(new VersionCommand.Prune(plan.model(), plan.rule(), folders));
            FailPoint.reach("prune.after-versions");
            freedBytes += deleteFiles(plan.model());
        }
        return freedBytes;
    }

    /// Deletes the files that are noted as left, unless somebody has made something of them since.
    private long deleteFiles(String model) {
        SortedMap<Integer, String> notes = notes(model);
        if (notes.isEmpty()) {
            return 0;
        }
        ClaimedPaths claimed = new ClaimedPaths(sources(), Set.of());
        long freedBytes = 0;
        for (Map.Entry<Integer, String> note : notes.entrySet()) {
            Files files = files(new ArtifactPath(note.getValue()), claimed);
            if (files.staying().isEmpty()) {
                artifacts.delete(new ArtifactPath(note.getValue()));
                FailPoint.reach("prune.after-files");
                freedBytes += files.sizeBytes();
            }
            registry.write(new VersionCommand.ForgetFiles(model, note.getKey()));
        }
        return freedBytes;
    }
}
