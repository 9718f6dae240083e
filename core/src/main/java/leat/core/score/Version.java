package leat.core.score;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import leat.core.model.ModelVersion;
import leat.core.monitor.Profile;
import leat.core.tracking.Run;

/// A version of a model with what is known of it.
///
/// @param run that trained it; empty where there is none
/// @param features the profile of the rows that it learned from
/// @param file its model; empty where it is nowhere that is known
public record Version(
        ModelVersion version, Optional<Run> run, Optional<Profile> features, Optional<File> file) {

    /// A file.
    ///
    /// @param sha256 of its bytes; empty where it is in an object store, which does not know it
    public record File(long sizeBytes, String sha256) {}

    /// `failure-risk/3`
    public String reference() {
        return version.reference();
    }

    /// A tag; empty text where there is none.
    String tag(String key) {
        return version.tags().getOrDefault(key, "");
    }

    /// What the model takes, in its order; nothing where the version does not say.
    List<String> inputs() {
        return version.features();
    }

    /// The id of its run, for people.
    String runId() {
        return version.info().runId();
    }

    /// A metric of the run; empty where it has none.
    OptionalDouble metric(String key) {
        return run.flatMap(one -> Optional.ofNullable(one.metrics().get(key)))
                .map(newest -> OptionalDouble.of(newest.metric().value()))
                .orElse(OptionalDouble.empty());
    }

    /// The metrics whose names begin with a prefix, without it.
    SortedMap<String, Double> metrics(String prefix) {
        SortedMap<String, Double> metrics = new TreeMap<>();
        run.ifPresent(one ->
                one.metrics()
                        .forEach((key, newest) -> {
                            if (key.startsWith(prefix)) {
                                metrics.put(
                                        key.substring(prefix.length()), newest.metric().value());
                            }
                        }));
        return Collections.unmodifiableSortedMap(metrics);
    }

    /// How large the model is.
    OptionalLong sizeBytes() {
        return file.map(one -> OptionalLong.of(one.sizeBytes())).orElse(OptionalLong.empty());
    }

    /// Which data, definition and seed it comes from; empty where it does not say.
    Optional<String> origin() {
        Map<String, String> tags = version.tags();
        return tags.containsKey(ModelVersion.DATASET_TAG) && tags.containsKey(ModelVersion.SEED_TAG)
                ? Optional.of(
                        ModelVersion.ORIGIN_TAGS.stream()
                                .map(this::tag)
                                .collect(Collectors.joining(" ")))
                : Optional.empty();
    }
}
