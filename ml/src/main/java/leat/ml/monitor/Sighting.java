package leat.ml.monitor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import leat.core.monitor.FeatureProfile;
import leat.core.monitor.Profile;
import leat.core.monitor.ProfileSketch;
import leat.core.monitor.ProfileTally;
import leat.core.monitor.ProfiledFeature;
import leat.core.monitor.SeenWindow;
import org.jspecify.annotations.Nullable;

/// A profile of a window while it is read: by the intervals of its baseline, or such that it can be
/// one.
final class Sighting {

    private final Optional<Profile> baseline;
    private final List<Integer> places = new ArrayList<>();
    private final @Nullable ProfileTally tally;
    private final ProfileSketch sketch;

    /// @param given what rows consist of
    /// @param baseline of some of it
    Sighting(List<ProfiledFeature> given, Optional<Profile> baseline) {
        this.baseline = baseline;
        this.tally = baseline.map(ProfileTally::new).orElse(null);
        this.sketch = new ProfileSketch(baseline.isPresent() ? List.of() : given);
        List<String> names = given.stream().map(ProfiledFeature::name).toList();
        baseline.ifPresent(profile ->
                profile.features().keySet().forEach(name -> places.add(names.indexOf(name))));
    }

    /// Looks at a row.
    ///
    /// @param key one that no other row has
    void add(long key, List<? extends @Nullable Object> row) {
        if (tally == null) {
            sketch.add(key, row);
        } else {
            List<@Nullable Object> values = new ArrayList<>(places.size());
            for (int place : places) {
                values.add(place < 0 ? null : row.get(place));
            }
            tally.add(values);
        }
    }

    /// What several have seen, each of other features.
    static SeenWindow.Sight seen(List<Sighting> all) {
        List<SeenWindow.Sight> seen = all.stream().map(Sighting::seen).toList();
        List<Profile> baselines =
                seen.stream().map(SeenWindow.Sight::baseline).flatMap(Optional::stream).toList();
        return new SeenWindow.Sight(
                baselines.isEmpty() ? Optional.empty() : Optional.of(together(baselines)),
                together(seen.stream().map(SeenWindow.Sight::now).toList()));
    }

    private static Profile together(List<Profile> profiles) {
        SequencedMap<String, FeatureProfile> features = new LinkedHashMap<>();
        profiles.forEach(profile -> features.putAll(profile.features()));
        return new Profile(features);
    }

    SeenWindow.Sight seen() {
        return new SeenWindow.Sight(baseline, tally == null ? sketch.profile() : tally.profile());
    }
}
