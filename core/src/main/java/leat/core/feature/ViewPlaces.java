package leat.core.feature;

import java.nio.file.Path;
import leat.core.yaml.Location;

/// Where the parts of a view stand, for complaints about them.
interface ViewPlaces {

    /// Where a key of the view stands.
    Place ofView(String key);

    /// Where a key of the entry stands that a feature comes from.
    Place ofFeature(String feature, String key);

    /// A place of a file, and what stands there.
    ///
    /// @param path of the key, `features[0].expression`
    record Place(Location location, String path) {}

    /// For a view whose text is not at hand.
    static ViewPlaces startOf(Path file) {
        return new ViewPlaces() {
            @Override
            public Place ofView(String key) {
                return new Place(Location.startOf(file), key);
            }

            @Override
            public Place ofFeature(String feature, String key) {
                return new Place(Location.startOf(file), "features." + feature + "." + key);
            }
        };
    }
}
