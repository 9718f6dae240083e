package leat.core.feature;

import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.EnrichStep;
import leat.core.feature.SourceViews.Found;
import leat.core.odcs.TakenFields;
import leat.core.yaml.NearestName;

/// Checks the look-ups of contracts that name no contract: each names a view, and features of it
/// whose values fit. A view may read the contract that looks it up, since the types of added fields
/// are declared.
record ViewLookups(Contracts contracts, SourceViews views, TakenFields taken) {

    void check() {
        for (Contract contract : contracts.all()) {
            for (EnrichStep step : contract.steps()) {
                if (step instanceof EnrichStep.Fetched fetched
                        && fetched.question().source() instanceof Source.Reference(String name)
                        && contracts.named(name).isEmpty()) {
                    check(contract, fetched, name);
                }
            }
        }
    }

    private void check(Contract contract, EnrichStep.Fetched step, CompiledView view) {
        if (view.isKeyProtected()) {
            taken.complain(
                    step,
                    "the entities of '"
                            + view.view().name()
                            + "' are named by a protected field, whose plain value finds none",
                    "look up a view of another key");
        }
        taken.check(contract, step, view.contract());
    }

    private void check(Contract contract, EnrichStep.Fetched step, String name) {
        if (views.names().contains(name)) {
            switch (views.find(name)) {
                case Found.Sound(CompiledView view) -> check(contract, step, view);
                case Found.Faulty _, Found.Circular _ -> {}
            }
            return;
        }
        String bare = NamedViews.bare(name);
        if (views.names().contains(bare)) {
            taken.complain(
                    step,
                    "'" + name + "' is a version of a view",
                    "write '" + bare + "': a look-up finds the version that serves");
            return;
        }
        taken.complain(
                step,
                "there is no contract or view '" + name + "'",
                NearestName.remedy(
                        name,
                        Stream.concat(contracts.names().stream(), views.names().stream())
                                .distinct()
                                .toList()));
    }
}
