package leat.core.feature;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.feature.SourceViews.Found;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;

/// Finds what the `source` of a view means.
///
/// @param root the keys of the view
/// @param views those that stand beside it
record SourceReader(Keys root, Contracts contracts, SourceViews views) {

    /// So many views may be made of each other, one of a contract included.
    static final int MAX_DEPTH = 10;

    private static final String KEY = "source";

    /// The source of that name; empty where a problem says why there is none.
    ///
    /// @param name `NAME` or `NAME.vN`
    Optional<ViewSource> read(String name) {
        // A view of a contract's name is a problem already, of its file.
        Optional<Contract> contract = contracts.named(name);
        if (contract.isPresent()) {
            return Optional.of(new ViewSource.Events(contract.get()));
        }
        String bare = NamedViews.bare(name);
        if (views.names().contains(bare)) {
            return view(name, bare);
        }
        return refused(
                "there is no contract or view '" + name + "'",
                NearestName.remedy(
                        name,
                        Stream.concat(contracts.names().stream(), views.names().stream())
                                .distinct()
                                .toList()));
    }

    private Optional<ViewSource> view(String name, String bare) {
        return switch (views.find(bare)) {
            case Found.Faulty _ -> Optional.empty();
            case Found.Circular(List<String> way) ->
                    refused(
                            way.size() == 2
                                    ? "the view reads itself"
                                    : "views read each other in a circle: "
                                            + String.join(", ", way),
                            "let one of them read a contract");
            case Found.Sound(CompiledView view) -> sound(name, view);
        };
    }

    private Optional<ViewSource> sound(String name, CompiledView view) {
        NamedViews only = new NamedViews(List.of(view));
        if (only.find(name).isEmpty()) {
            return refused("there is no view '" + name + "'", only.remedy(name));
        }
        if (view.depth() >= MAX_DEPTH) {
            return refused(
                    "'"
                            + name
                            + "' is the last of "
                            + MAX_DEPTH
                            + " views that are made of each"
                            + " other already",
                    "read one of those before it, or a contract");
        }
        return Optional.of(new ViewSource.Vectors(view));
    }

    private Optional<ViewSource> refused(String message, String remedy) {
        root.complain(KEY, message, remedy);
        return Optional.empty();
    }
}
