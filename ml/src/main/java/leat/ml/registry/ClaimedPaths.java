package leat.ml.registry;

import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import leat.core.artifact.ArtifactPath;
import leat.core.model.LoggedModel;
import leat.core.model.ModelFold;
import leat.core.model.ModelVersion;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRefused;

/// Where the files are of all that stays: versions, logged models and runs. For one thread.
final class ClaimedPaths {

    private static final List<String> PROFILES =
            List.of(ModelVersion.PROFILE_TAG, ModelVersion.SCORE_PROFILE_TAG);

    private final Sources sources;

    /// By their paths, who has files there, or below, or in a folder above.
    private final NavigableMap<String, String> claims = new TreeMap<>();

    /// The folders of all files of a run each.
    private final NavigableMap<String, String> runs = new TreeMap<>();

    /// Looks for them.
    ///
    /// @param going versions of a model that do not stay, by their references
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    ClaimedPaths(Sources sources, Set<String> going) {
        this.sources = sources;
        for (ModelVersion version : sources.registry().read(state -> state.versions())) {
            if (!going.contains(version.reference())) {
                claim(version.info().source(), version.reference());
                PROFILES.forEach(tag ->
                        Optional.ofNullable(version.tags().get(tag))
                                .ifPresent(uri -> claim(uri, version.reference())));
            }
        }
        for (LoggedModel model : sources.registry().read(ModelFold::logged)) {
            claim(model.info().artifactUri(), "the logged model " + model.info().id());
        }
        for (String uri : sources.tracking().read(TrackingFold::artifactUris)) {
            path(uri).ifPresent(path -> runs.put(path.text(), path.text()));
        }
    }

    private void claim(String source, String who) {
        path(source).ifPresent(path -> claims.putIfAbsent(path.text(), who));
    }

    /// What leads nowhere, or to another store, is nowhere here.
    private Optional<ArtifactPath> path(String source) {
        try {
            return Optional.of(sources.path(source));
        } catch (TrackingRefused _) {
            return Optional.empty();
        }
    }

    /// Why the files of a folder stay, as in "they stay: WHY"; empty where they may go.
    Optional<String> why(ArtifactPath folder) {
        for (String above : folder.folders()) {
            String who = claims.get(above);
            if (who != null) {
                return Optional.of(who + " has them too");
            }
        }
        return first(claims, folder)
                .map(who -> who + " has them too")
                .or(() -> first(runs, folder).map(run -> "they are all that a run has in " + run));
    }

    /// The first that is at a path or below it.
    private static Optional<String> first(NavigableMap<String, String> paths, ArtifactPath folder) {
        String there = paths.get(folder.text());
        if (there != null) {
            return Optional.of(there);
        }
        // Behind a slash comes a zero.
        SortedMap<String, String> below = paths.subMap(folder.text() + "/", folder.text() + "0");
        return below.values().stream().findFirst();
    }
}
