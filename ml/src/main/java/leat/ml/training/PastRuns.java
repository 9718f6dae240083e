package leat.ml.training;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import leat.core.model.ModelVersion;
import leat.core.tracking.Run;
import leat.core.tracking.RunStatus;
import leat.core.training.Training;
import leat.core.training.Triggers;
import leat.ml.tracking.Tracking;

/// The runs of a training, as the log has them.
record PastRuns(Tracking tracking, Publishing publishing, Training training) {

    /// What has been done for the model.
    Triggers.Past past() {
        List<ModelVersion> versions = publishing.versions();
        Set<String> published = runIds(versions);
        return new Triggers.Past(
                answering(versions)
                        .map(version -> Instant.ofEpochMilli(version.info().createdMillis())),
                RunLog.all(tracking, training).stream()
                        .map(run -> pastRun(run, published))
                        .toList());
    }

    private static Triggers.PastRun pastRun(Run run, Set<String> published) {
        return Triggers.PastRun.of(
                Instant.ofEpochMilli(run.info().startMillis()),
                answers(run, published),
                run.tags());
    }

    /// Whether a run has done all that it was to do: one that has failed would fail again.
    private static boolean answers(Run run, Set<String> published) {
        return run.info().status() == RunStatus.FINISHED
                || run.info().status() == RunStatus.FAILED
                || published.contains(run.info().id());
    }

    private static Set<String> runIds(List<ModelVersion> versions) {
        return versions.stream()
                .map(version -> version.info().runId())
                .filter(id -> !id.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /// The version that the alias means, or the newest that has passed where there is no alias.
    private Optional<ModelVersion> answering(List<ModelVersion> versions) {
        return versions.reversed().stream()
                .filter(version ->
                        training.alias().isPresent()
                                ? version.aliases().contains(training.alias().get())
                                : Publishing.hasPassed(version))
                .findFirst();
    }

    /// The last run that has done all that it was to do.
    Optional<Run> lastAnswer() {
        Set<String> published = runIds(publishing.versions());
        return RunLog.all(tracking, training).stream()
                .filter(run -> answers(run, published))
                .max(Comparator.comparingLong(run -> run.info().startMillis()));
    }

    /// What a run has learned from; empty where nobody can say it any more.
    Optional<DatasetName> dataset(Run run) {
        try {
            return Optional.of(publishing.dataset(run.info().id(), run.info().artifactUri()));
        } catch (TrainingStopped _) {
            return Optional.empty();
        }
    }
}
