package leat.core.feature;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;

/// A file `features/sets/NAME.yaml`, read and found to fit its views: the features of several views
/// that go together, as a model takes them.
///
/// @param entity what the features are of, the same in all views
/// @param members the features in the set's order; no two have one name
public record FeatureSet(
        ContractName name,
        String description,
        Optional<String> owner,
        List<String> tags,
        String entity,
        List<Member> members,
        Path file) {

    public FeatureSet {
        tags = List.copyOf(tags);
        members = List.copyOf(members);
    }

    /// One feature of the set.
    ///
    /// @param name what the set calls it
    /// @param view what the set calls its view, `NAME` or `NAME.vN`
    /// @param feature what its view calls it
    public record Member(String name, String view, String feature) {}

    /// The views as the set calls them, each once, in the order in which the set comes to them.
    public List<String> views() {
        return members.stream().map(Member::view).distinct().toList();
    }

    /// The features' names, in the set's order.
    public List<String> names() {
        return members.stream().map(Member::name).toList();
    }
}
