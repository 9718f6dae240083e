package leat.core.odcs;

import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichQuestion.Source;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;

/// Checks what one contract says of another: that a look-up names a reference contract, and fields
/// of it whose values fit.
final class LookupChecks {

    private final Contracts contracts;
    private final Problems problems;

    LookupChecks(Contracts contracts, Problems problems) {
        this.contracts = contracts;
        this.problems = problems;
    }

    void check() {
        for (Contract contract : contracts.all()) {
            for (EnrichStep step : contract.steps()) {
                if (step instanceof EnrichStep.Fetched fetched
                        && fetched.question().source() instanceof Source.Reference(String name)) {
                    check(contract, fetched, name);
                }
            }
        }
    }

    private void check(Contract contract, EnrichStep.Fetched step, String name) {
        Optional<Contract> asked = contracts.named(name);
        if (asked.isEmpty()) {
            complain(
                    step,
                    "there is no contract '" + name + "'",
                    NearestName.remedy(name, contracts.names()));
        } else if (asked.get().reference().isEmpty()) {
            complain(
                    step,
                    "'" + name + "' is no reference data",
                    "give it leat.reference: true, or look up another contract");
        } else {
            step.taken().forEach(taken -> check(contract, asked.get(), step, taken));
        }
    }

    private void check(
            Contract contract, Contract asked, EnrichStep.Fetched step, EnrichStep.Taken taken) {
        Optional<Field> theirs = field(asked, taken.name());
        if (theirs.isEmpty()) {
            complain(
                    step,
                    "'" + asked.nameAndMajor() + "' has no field '" + taken.name() + "'",
                    NearestName.remedy(
                            taken.name(), asked.fields().stream().map(Field::name).toList()));
            return;
        }
        FieldType ours = field(contract, taken.field()).orElseThrow().type();
        if (!fits(ours, theirs.get().type())) {
            complain(
                    step,
                    "'"
                            + taken.name()
                            + "' of "
                            + asked.nameAndMajor()
                            + " is not of the type of '"
                            + taken.field()
                            + "'",
                    "declare both alike");
        }
    }

    private static Optional<Field> field(Contract contract, String name) {
        return contract.fields().stream().filter(field -> field.name().equals(name)).findFirst();
    }

    private static boolean fits(FieldType ours, FieldType theirs) {
        return switch (ours) {
            case FieldType.Text _ -> theirs instanceof FieldType.Text;
            case FieldType.Int _ -> theirs instanceof FieldType.Int;
            case FieldType.Real _, FieldType.Decimal _ ->
                    theirs instanceof FieldType.Int
                            || theirs instanceof FieldType.Real
                            || theirs instanceof FieldType.Decimal;
            case FieldType.Bool _ -> theirs instanceof FieldType.Bool;
            case FieldType.Date _ -> theirs instanceof FieldType.Date;
            case FieldType.Time _ -> theirs instanceof FieldType.Time;
            case FieldType.Timestamp _ -> theirs instanceof FieldType.Timestamp;
            case FieldType.Struct _, FieldType.Array _ -> false;
        };
    }

    private void complain(EnrichStep.Fetched step, String message, String remedy) {
        problems.add(step.location(), "leat.enrich.lookup", message, remedy);
    }

    /// Checks a folder's contracts against each other.
    static void check(List<Contract> contracts, Problems problems) {
        new LookupChecks(new Contracts(contracts), problems).check();
    }
}
