package leat.launcher.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.contract.Field;
import leat.core.feature.CompiledView;
import leat.launcher.UserError;
import leat.ml.featurestore.Filling;
import leat.ml.featurestore.RegisteredViews;
import leat.ml.featurestore.ServingHistory;
import leat.ml.featurestore.ServingTerm;
import leat.stream.sql.HistoryRequest.AsOf;
import leat.stream.sql.HistoryRequest.Earlier;
import leat.stream.sql.HistoryRequest.ViewFeatures;

/// Which versions of views a training set is made of by the views' names alone.
///
/// @param former the versions that served before, beside those of the workspace
record HistoryVersions(RegisteredViews registered, List<CompiledView> former) {

    /// What is taken of the views that were named without a version: as of serving, of each row's
    /// time the version that served then; else that of the workspace.
    ///
    /// @param named `NAME`, or `NAME.vN`, which is always that version
    /// @throws UserError where it is not clear what a name means, with what to write instead
    List<ViewFeatures> of(List<ViewFeatures> chosen, List<String> named, AsOf asOf) {
        List<ViewFeatures> resolved = new ArrayList<>();
        for (ViewFeatures wanted : chosen) {
            ContractName view = wanted.vectors().name();
            Optional<ServingHistory> history =
                    named.contains(view.value()) ? registered.serving(view) : Optional.empty();
            if (history.isPresent()) {
                refuseFilling(view, wanted.vectors().version().major());
            }
            resolved.add(
                    asOf == AsOf.SERVED
                            ? history.map(served -> wanted.after(earlier(wanted, served)))
                                    .orElse(wanted)
                            : wanted);
        }
        return resolved;
    }

    private void refuseFilling(ContractName view, int version) {
        Filling.of(view, version, registered)
                .ifPresent(filling -> {
                    throw new UserError(
                            filling.message(),
                            "name "
                                    + view
                                    + ".v"
                                    + filling.serving()
                                    + ", which serves, or "
                                    + filling.remedy());
                });
    }

    private List<Earlier> earlier(ViewFeatures wanted, ServingHistory history) {
        String name = wanted.vectors().name().value();
        if (history.current().version() != wanted.vectors().version().major()) {
            throw new UserError(
                    "version "
                            + history.current().version()
                            + " of the view "
                            + name
                            + " has taken over from that of the workspace",
                    "take the workspace that has it, or name one version, " + name + ".vN");
        }
        List<Earlier> earlier = new ArrayList<>();
        List<ServingTerm> terms = history.terms();
        for (int i = 0; i + 1 < terms.size(); i++) {
            CompiledView version = version(name, terms.get(i).version());
            refuseOtherTypes(wanted, version);
            earlier.add(
                    new Earlier(
                            version.contract(), version.view().ttl(), terms.get(i + 1).since()));
        }
        return earlier;
    }

    private CompiledView version(String name, int version) {
        String wanted = name + ".v" + version;
        return former.stream()
                .filter(view -> view.view().nameAndVersion().equals(wanted))
                .findFirst()
                .orElseThrow(() ->
                        new UserError(
                                "the view "
                                        + name
                                        + " was served by "
                                        + wanted
                                        + " too, which cannot be made again from what is"
                                        + " registered of it",
                                "name one version, "
                                        + name
                                        + ".vN, for rows of the time in which it served"));
    }

    private void refuseOtherTypes(ViewFeatures wanted, CompiledView earlier) {
        for (Field now : wanted.vectors().fields()) {
            earlier.contract().fields().stream()
                    .filter(then -> then.name().equals(now.name()))
                    .filter(_ -> wanted.features().contains(now.name()))
                    .filter(then -> !then.type().getClass().equals(now.type().getClass()))
                    .findFirst()
                    .ifPresent(_ -> {
                        throw new UserError(
                                "the feature "
                                        + now.name()
                                        + " has another type in "
                                        + earlier.view().nameAndVersion()
                                        + ", which served before "
                                        + wanted.vectors().nameAndMajor(),
                                "name one version, "
                                        + wanted.vectors().name()
                                        + ".vN, for rows of the time in which it served, or leave"
                                        + " the feature out with --features");
                    });
        }
    }
}
