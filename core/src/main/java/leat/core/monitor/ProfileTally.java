package leat.core.monitor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/// The profile of rows while it grows, by the intervals and categories of another. Its size is that
/// of the profile, however many rows come. Not for several threads.
public final class ProfileTally {

    private final List<String> names;
    private final List<FeatureTally> tallies = new ArrayList<>();

    /// One that has seen nothing.
    ///
    /// @param like says what is told apart
    public ProfileTally(Profile like) {
        this.names = List.copyOf(like.features().keySet());
        for (FeatureProfile feature : like.features().values()) {
            tallies.add(
                    switch (feature) {
                        case FeatureProfile.Numbers numbers ->
                                new NumberTally(numbers.histogram().edges());
                        case FeatureProfile.Categories categories ->
                                new CategoryTally(categories.counts().keySet());
                    });
        }
    }

    /// Looks at one row.
    ///
    /// @param row the values by position: numbers, booleans, texts or null
    public void add(List<? extends @Nullable Object> row) {
        if (row.size() != tallies.size()) {
            throw new IllegalArgumentException(
                    "a row of " + row.size() + " values is none of the features " + names);
        }
        for (int i = 0; i < tallies.size(); i++) {
            tallies.get(i).add(row.get(i));
        }
    }

    /// What has been seen so far.
    public Profile profile() {
        SequencedMap<String, FeatureProfile> features = new LinkedHashMap<>();
        for (int i = 0; i < names.size(); i++) {
            features.put(names.get(i), tallies.get(i).profile());
        }
        return new Profile(features);
    }
}
