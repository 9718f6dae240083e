package leat.core.odcs;

import java.util.List;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.EnrichStep;
import leat.core.yaml.Problems;

/// Checks what one contract says of another: that a look-up that names a contract names reference
/// data, and fields of it whose values fit. What names none may name a feature view, and is checked
/// where these are known.
final class LookupChecks {

    private final Contracts contracts;
    private final TakenFields taken;

    LookupChecks(Contracts contracts, Problems problems) {
        this.contracts = contracts;
        this.taken = new TakenFields(problems);
    }

    void check() {
        for (Contract contract : contracts.all()) {
            for (EnrichStep step : contract.steps()) {
                if (step instanceof EnrichStep.Fetched fetched
                        && fetched.question().source() instanceof Source.Reference(String name)) {
                    contracts.named(name).ifPresent(asked -> check(contract, fetched, asked));
                }
            }
        }
    }

    private void check(Contract contract, EnrichStep.Fetched step, Contract asked) {
        if (asked.reference().isPresent()) {
            taken.check(contract, step, asked);
        } else {
            taken.complain(
                    step,
                    "'" + asked.name() + "' is no reference data",
                    "give it leat.reference: true, or look up another contract");
        }
    }

    /// Checks a folder's contracts against each other.
    static void check(List<Contract> contracts, Problems problems) {
        new LookupChecks(new Contracts(contracts), problems).check();
    }
}
