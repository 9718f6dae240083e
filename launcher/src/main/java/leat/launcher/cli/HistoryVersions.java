package leat.launcher.cli;

import java.util.List;
import java.util.stream.Collectors;
import leat.core.feature.CompiledView;
import leat.launcher.UserError;
import leat.ml.featurestore.RegisteredViews;
import leat.ml.featurestore.ServingHistory;
import leat.stream.sql.HistoryRequest.AsOf;

/// Which versions of views a training set may be made of by the views' names alone.
///
/// @param views the workspace's
record HistoryVersions(RegisteredViews registered, List<CompiledView> views) {

    /// Refuses a name where it is not clear what it means.
    ///
    /// @param named `NAME`, or `NAME.vN`, which is always clear
    /// @throws UserError with the names that are clear
    void refuseUnclear(List<String> named, AsOf asOf) {
        for (CompiledView view : views) {
            if (named.contains(view.view().name().value())) {
                registered
                        .serving(view.view().name())
                        .ifPresent(history -> refuseUnclear(view, history, asOf));
            }
        }
    }

    private static void refuseUnclear(CompiledView view, ServingHistory history, AsOf asOf) {
        String name = view.view().name().value();
        int serving = history.current().version();
        if (serving < view.view().version()) {
            throw new UserError(
                    "version "
                            + view.view().version()
                            + " of the view "
                            + name
                            + " is still being filled and has not all its vectors",
                    "name "
                            + name
                            + ".v"
                            + serving
                            + ", which serves, or wait with leat features backfill "
                            + name
                            + " --follow");
        }
        if (asOf == AsOf.SERVED && history.terms().size() > 1) {
            throw new UserError(
                    "the view "
                            + name
                            + " was served by several versions, whose features differ: "
                            + history.terms().stream()
                                    .map(term -> "v" + term.version() + " since " + term.since())
                                    .collect(Collectors.joining(", ")),
                    "name one, " + name + ".vN, for rows of the time in which it served");
        }
    }
}
