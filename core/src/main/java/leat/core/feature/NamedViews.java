package leat.core.feature;

import java.util.List;
import java.util.Optional;
import leat.core.yaml.NearestName;

/// The feature views of a workspace by what files, commands and requests call them: `NAME`, which
/// follows the view's version, or `NAME.vN`, which is that version and no other.
public record NamedViews(List<CompiledView> all) {

    public NamedViews {
        all = List.copyOf(all);
    }

    /// The view that is called so.
    public Optional<CompiledView> find(String name) {
        return all.stream()
                .filter(view ->
                        name.equals(view.view().name().value())
                                || name.equals(view.view().nameAndVersion()))
                .findFirst();
    }

    /// What to do about a name that no view has, an imperative without a final full stop.
    public String remedy(String unknown) {
        if (all.isEmpty()) {
            return "write one, features/NAME.yaml: the workspace has none";
        }
        String bare = bare(unknown);
        return find(bare)
                .map(view ->
                        "write '"
                                + view.view().nameAndVersion()
                                + "', the version that there is, or '"
                                + bare
                                + "' to follow it")
                .orElseGet(() -> NearestName.remedy(bare, names()));
    }

    /// The name without a version.
    static String bare(String name) {
        return name.replaceFirst("\\.v[0-9]+$", "");
    }

    /// Without versions.
    List<String> names() {
        return all.stream().map(view -> view.view().name().value()).toList();
    }
}
