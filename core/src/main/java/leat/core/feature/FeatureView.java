package leat.core.feature;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.contract.FieldPath;
import leat.core.contract.Quality;

/// A file `features/NAME.yaml`, read and checked, not yet compiled against its source.
///
/// @param version counted up by whoever changes what the values are
/// @param entity what the vectors are of, `car`
/// @param source the contract whose enriched events it sees, or the view whose vectors, `NAME` or
///   `NAME.vN`
/// @param key the field of the event that names the entity
/// @param where which events it sees; all when empty
/// @param hop by what windows move; a microsecond where they are exact
/// @param ttl for how long after the newest event a vector is worth something; for ever when empty
/// @param expected what vectors are expected to be like; it changes none of them
public record FeatureView(
        ContractName name,
        int version,
        String description,
        Optional<String> owner,
        List<String> tags,
        String entity,
        String source,
        FieldPath key,
        Optional<String> where,
        Duration hop,
        Optional<Duration> ttl,
        List<Feature> features,
        Quality expected,
        Path file) {

    public FeatureView {
        tags = List.copyOf(tags);
        features = List.copyOf(features);
    }

    /// Whether windows move with every microsecond.
    public boolean isExact() {
        return hop.equals(Hop.EXACT.width());
    }

    /// `NAME.vN`, as in topics.
    public String nameAndVersion() {
        return name + ".v" + version;
    }

    /// The same under another name.
    public FeatureView withName(ContractName other) {
        return with(other, expected);
    }

    /// The same that expects something else of its vectors.
    public FeatureView expecting(Quality other) {
        return with(name, other);
    }

    private FeatureView with(ContractName otherName, Quality otherExpected) {
        return new FeatureView(
                otherName,
                version,
                description,
                owner,
                tags,
                entity,
                source,
                key,
                where,
                hop,
                ttl,
                features,
                otherExpected,
                file);
    }

    /// One value of the vector.
    ///
    /// @param name as in the vector, `speed_mean_5m`
    /// @param expression what is taken from an event; empty where events are only counted
    public record Feature(
            String name,
            String description,
            Optional<String> expression,
            Optional<Windowed> window) {}

    /// What is made of the values of a window; a feature without it is of the newest event.
    ///
    /// @param where which of the view's events it sees
    /// @param limit up to how many different values are told apart
    public record Windowed(
            Aggregate aggregate, Optional<String> where, Duration window, int limit) {}
}
