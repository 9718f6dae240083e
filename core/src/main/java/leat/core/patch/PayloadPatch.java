package leat.core.patch;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.List;
import java.util.Map;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.yaml.NearestName;

/// One correction of events, `event.country = "NL"`: a field of the contract and a CEL expression
/// over the event as it was sent, with the macros and functions that a contract's expressions have.
/// Since the event need not keep its contract, the expression sees plain JSON: whole numbers are
/// `int`, others `double`, dates and times texts. Safe for many threads.
public final class PayloadPatch {

    private static final String ROOT = "event.";
    private static final int MAX_ROUNDS = 10_000;
    private static final Cel CEL =
            CelFactory.legacyCelBuilder()
                    .setOptions(CelOptions.current().comprehensionMaxIterations(MAX_ROUNDS).build())
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .addVar("event", MapType.create(SimpleType.STRING, SimpleType.DYN))
                    .addCompilerLibraries(CelExtensions.math(), CelExtensions.strings())
                    .addRuntimeLibraries(CelExtensions.math(), CelExtensions.strings())
                    .build();

    private final FieldPath target;
    private final FieldType type;
    private final CelRuntime.Program program;

    private PayloadPatch(FieldPath target, FieldType type, CelRuntime.Program program) {
        this.target = target;
        this.type = type;
        this.program = program;
    }

    /// Reads `event.FIELD = EXPRESSION`; the field may lie within objects, `event.customer.id`.
    ///
    /// @throws PatchRefused when the contract has no such field, the enricher sets it, or the
    ///   expression is not sound
    public static PayloadPatch parse(Contract contract, String assignment) {
        int equals = assignment.indexOf('=');
        String left = equals < 0 ? "" : assignment.substring(0, equals).strip();
        if (!left.startsWith(ROOT) || left.length() == ROOT.length()) {
            throw new PatchRefused(
                    "'" + assignment + "' sets nothing", "write e.g. event.country = \"NL\"");
        }
        FieldPath target = FieldPath.parse(left.substring(ROOT.length()));
        String expression = assignment.substring(equals + 1).strip();
        try {
            return new PayloadPatch(
                    target,
                    type(contract, target),
                    CEL.createProgram(CEL.compile(expression).getAst()));
        } catch (CelValidationException | CelEvaluationException e) {
            throw new PatchRefused(
                    "'"
                            + expression
                            + "' is no sound expression: "
                            + String.valueOf(e.getMessage()).strip().replaceAll("\\s+", " "),
                    "write CEL over event, texts in double quotes");
        }
    }

    private static FieldType type(Contract contract, FieldPath target) {
        List<Field> level = contract.fields();
        FieldType type = null;
        for (String segment : target.segments()) {
            Field field = find(level, segment, contract);
            if (field.added()) {
                throw new PatchRefused(
                        "the enricher sets " + field.name() + ", clients may not send it",
                        "correct its step in the contract instead");
            }
            type = field.type();
            level = type instanceof FieldType.Struct struct ? struct.fields() : List.of();
        }
        if (type == null) {
            throw new IllegalStateException("a path has segments");
        }
        return type;
    }

    private static Field find(List<Field> level, String name, Contract contract) {
        return level.stream()
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new PatchRefused(
                                "contract "
                                        + contract.name()
                                        + " has no field '"
                                        + name
                                        + "' there",
                                level.isEmpty()
                                        ? "set the whole value that it is in"
                                        : NearestName.remedy(
                                                name, level.stream().map(Field::name).toList())));
    }

    /// The event with the field set; its other bytes stay as they are. An absent field is added at
    /// the end of its object, which must be there.
    ///
    /// @throws PatchFailed when the bytes are no JSON object, or the expression has no value for it
    public byte[] apply(byte[] event) throws PatchFailed {
        Map<String, Object> seen = LooseJson.object(event);
        Object value;
        try {
            value = program.eval(Map.of("event", seen));
        } catch (CelEvaluationException e) {
            throw new PatchFailed("event." + target + " cannot be set: " + e.getMessage());
        }
        return JsonPlace.of(event, target.segments()).set(event, PatchValue.json(type, value));
    }

    @Override
    public String toString() {
        return ROOT + target;
    }
}
