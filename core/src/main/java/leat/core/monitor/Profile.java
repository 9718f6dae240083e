package leat.core.monitor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// What rows of features look like. [ProfileSketch] makes one of rows that nothing is known of, as
/// training data; [ProfileTally] one that tells the same apart as another, as a window's.
///
/// @param features by name, in the model's order
public record Profile(SequencedMap<String, FeatureProfile> features) {

    /// The most features of a profile.
    public static final int MAX_FEATURES = 10_000;

    public Profile {
        features = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(features));
        if (features.size() > MAX_FEATURES) {
            throw new IllegalArgumentException(
                    features.size() + " features are more than " + MAX_FEATURES);
        }
    }

    /// Reads what [#json] wrote.
    ///
    /// @throws ProfileUnreadable when it is something else
    public static Profile parse(byte[] json) {
        return ProfileJson.parse(json);
    }

    /// One object, in UTF-8. A number that is not known, as the mean of no values, is left out.
    public byte[] json() {
        return ProfileJson.write(this);
    }

    /// How many rows have been looked at.
    public long rows() {
        return features.values().stream().mapToLong(FeatureProfile::rows).max().orElse(0);
    }

    /// The features, as a tally needs them.
    public List<ProfiledFeature> profiled() {
        return features.entrySet().stream().map(Profile::profiled).toList();
    }

    private static ProfiledFeature profiled(Map.Entry<String, FeatureProfile> feature) {
        return switch (feature.getValue()) {
            case FeatureProfile.Numbers _ -> ProfiledFeature.number(feature.getKey());
            case FeatureProfile.Categories _ -> ProfiledFeature.category(feature.getKey());
        };
    }

    /// The same that has seen nothing.
    public Profile emptied() {
        SequencedMap<String, FeatureProfile> empty = new LinkedHashMap<>();
        features.forEach((name, feature) ->
                empty.put(
                        name,
                        switch (feature) {
                            case FeatureProfile.Numbers numbers ->
                                    FeatureProfile.Numbers.none(numbers.histogram().edges());
                            case FeatureProfile.Categories categories ->
                                    FeatureProfile.Categories.none(categories.counts().keySet());
                        }));
        return new Profile(empty);
    }

    /// The sum with a profile that tells the same apart.
    ///
    /// @throws IllegalArgumentException when it does not
    public Profile plus(Profile more) {
        if (!features.keySet().equals(more.features.keySet())) {
            throw new IllegalArgumentException("profiles of different features have no sum");
        }
        SequencedMap<String, FeatureProfile> sums = new LinkedHashMap<>();
        features.forEach((name, feature) -> {
            FeatureProfile other = more.features.get(name);
            sums.put(name, other == null ? feature : feature.plus(other));
        });
        return new Profile(sums);
    }
}
