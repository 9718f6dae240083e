package leat.core.odcs;

import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;

/// Checks what look-ups take of what they find: that it has such fields, whose values fit.
///
/// @param problems where complaints go, at the place of the step
public record TakenFields(Problems problems) {

    /// Checks a step that finds its contract or view.
    ///
    /// @param contract whose step it is
    /// @param asked what rows of it keep
    public void check(Contract contract, EnrichStep.Fetched step, Contract asked) {
        step.taken().forEach(taken -> check(contract, asked, step, taken));
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

    /// Complains of a look-up at its place.
    public void complain(EnrichStep.Fetched step, String message, String remedy) {
        problems.add(step.location(), "leat.enrich.lookup", message, remedy);
    }
}
