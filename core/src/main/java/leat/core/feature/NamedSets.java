package leat.core.feature;

import java.util.List;
import java.util.Optional;
import leat.core.yaml.NearestName;

/// The feature sets of a workspace by what files, commands and requests call them.
public record NamedSets(List<FeatureSet> all) {

    public NamedSets {
        all = List.copyOf(all);
    }

    /// The set that is called so.
    public Optional<FeatureSet> find(String name) {
        return all.stream().filter(set -> set.name().value().equals(name)).findFirst();
    }

    /// What to do about a name that no set has, an imperative without a final full stop.
    public String remedy(String unknown) {
        return all.isEmpty()
                ? "write one, features/sets/NAME.yaml: the workspace has none"
                : NearestName.remedy(unknown, all.stream().map(set -> set.name().value()).toList());
    }
}
