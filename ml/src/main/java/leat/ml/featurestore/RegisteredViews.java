package leat.ml.featurestore;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.ContractName;

/// What the registry holds at one moment.
///
/// @param versions by `NAME.vN`
/// @param serving which of them serves, by the view's name
public record RegisteredViews(
        Map<String, RegisteredView> versions, Map<String, ServingHistory> serving) {

    /// Where nothing is registered.
    public static final RegisteredViews NONE = new RegisteredViews(Map.of(), Map.of());

    public RegisteredViews {
        versions = Map.copyOf(versions);
        serving = Map.copyOf(serving);
    }

    /// Which version of a view serves; empty where no version was registered.
    public Optional<ServingHistory> serving(ContractName view) {
        return Optional.ofNullable(serving.get(view.value()));
    }

    /// What those versions of some views are made of that serve, by way of other views too:
    /// contracts and versions of views, `NAME.vN`.
    Set<String> sourcesOfServing(Collection<ContractName> views) {
        Set<String> sources = new HashSet<>();
        for (ContractName view : views) {
            Optional<RegisteredView> read =
                    serving(view).flatMap(history -> version(view, history.current().version()));
            while (read.isPresent() && sources.add(read.get().source())) {
                read = Optional.ofNullable(versions.get(read.get().source()));
            }
        }
        return sources;
    }

    /// A version of a view; empty where it was not registered.
    public Optional<RegisteredView> version(ContractName view, int version) {
        return Optional.ofNullable(versions.get(view + ".v" + version));
    }
}
