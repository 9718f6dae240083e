package leat.ml.featurestore;

import java.util.Optional;
import leat.core.contract.ContractName;

/// A version of a view that is still to take over: it has not all its vectors yet, and nothing is
/// to be made of those that there are.
///
/// @param serving the version that serves meanwhile
public record Filling(ContractName view, int version, int serving) {

    /// Empty where the version serves, has served, or nothing of the view is registered.
    public static Optional<Filling> of(ContractName view, int version, RegisteredViews registered) {
        return registered
                .serving(view)
                .map(history -> new Filling(view, version, history.current().version()))
                .filter(filling -> filling.serving() < version);
    }

    /// Why nothing is made of it.
    public String message() {
        return "version "
                + version
                + " of the view "
                + view
                + " is still being filled and has not all its vectors";
    }

    /// What to do, an imperative without a final full stop.
    public String remedy() {
        return "wait with leat features backfill " + view + " --follow";
    }
}
