package leat.core.enrich;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.yaml.Location;
import leat.core.yaml.Problems;

/// Compiles CEL expressions over `event`, checked against the contract's types. The macros and the
/// functions of CEL's standard, `math` and `strings` extensions are there; loops end after 10,000
/// rounds.
final class ExpressionCompiler {

    /// Type names must not look like paths of `event`: CEL would take those for the types.
    private static final String ROOT_TYPE = "leatEvent";

    private static final int MAX_ROUNDS = 10_000;

    private static final FieldType ANY_TEXT =
            new FieldType.Text(Range.all(), Optional.empty(), Optional.empty(), List.of());

    private final Map<String, StructType> types = new HashMap<>();
    private final List<Field> fields;
    private final Cel cel;

    ExpressionCompiler(Contract contract) {
        this(contract.fields());
    }

    /// @param fields those of `event`
    ExpressionCompiler(List<Field> fields) {
        this.fields = fields;
        CelOptions options = CelOptions.current().comprehensionMaxIterations(MAX_ROUNDS).build();
        StructType event = struct(ROOT_TYPE, fields);
        this.cel =
                CelFactory.legacyCelBuilder()
                        .setOptions(options)
                        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                        .setTypeProvider(new ContractTypes(ImmutableMap.copyOf(types)))
                        .addVar("event", event)
                        .addCompilerLibraries(CelExtensions.math(), CelExtensions.strings())
                        .addRuntimeLibraries(CelExtensions.math(), CelExtensions.strings())
                        .build();
    }

    private record ContractTypes(ImmutableMap<String, StructType> all) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.copyOf(all.values());
        }

        @Override
        public Optional<CelType> findType(String name) {
            return Optional.ofNullable(all.get(name));
        }
    }

    private StructType struct(String name, List<Field> fields) {
        Map<String, CelType> members = new HashMap<>();
        for (Field field : fields) {
            members.put(field.name(), type(name + "_" + field.name(), field.type()));
        }
        ImmutableMap<String, CelType> declared = ImmutableMap.copyOf(members);
        StructType struct =
                StructType.create(
                        name,
                        declared.keySet(),
                        member -> Optional.ofNullable(declared.get(member)));
        types.put(name, struct);
        return struct;
    }

    private CelType type(String path, FieldType type) {
        return switch (type) {
            case FieldType.Text _, FieldType.Date _, FieldType.Time _ -> SimpleType.STRING;
            case FieldType.Int _ -> SimpleType.INT;
            case FieldType.Real _, FieldType.Decimal _ -> SimpleType.DOUBLE;
            case FieldType.Bool _ -> SimpleType.BOOL;
            case FieldType.Timestamp _ -> SimpleType.TIMESTAMP;
            case FieldType.Struct struct -> struct(path, struct.fields());
            case FieldType.Array array -> ListType.create(type(path + "[]", array.items()));
        };
    }

    /// The expression of a derived field.
    Optional<Expression> compile(EnrichStep.Derived step, Field field, Problems problems) {
        return compile(
                step.expression(),
                field.type(),
                new Complaints(step.location(), "leat.enrich." + step.field(), "field", problems));
    }

    /// The expression of what is asked for; it yields a text.
    Optional<Expression> compileKey(EnrichStep.Fetched step, Problems problems) {
        return compile(
                step.question().key(),
                ANY_TEXT,
                new Complaints(step.location(), "leat.enrich.key", "key", problems));
    }

    /// An expression that yields true or false.
    ///
    /// @param place the path of the key where it stands
    Optional<Expression> compileCondition(
            String text, Location location, String place, Problems problems) {
        return compile(
                text, new FieldType.Bool(), new Complaints(location, place, "condition", problems));
    }

    private Optional<Expression> compile(String text, FieldType type, Complaints complaints) {
        CelValidationResult checked = cel.compile(text);
        if (checked.hasError()) {
            for (CelIssue issue : checked.getErrors()) {
                complaints.add(issue.getMessage() + " in '" + text + "'");
            }
            return Optional.empty();
        }
        try {
            CelType result = checked.getAst().getResultType();
            Set<CelType> fitting = fitting(type);
            if (!fitting.contains(result)
                    && !result.equals(SimpleType.DYN)
                    && !result.equals(SimpleType.NULL_TYPE)) {
                complaints.add(
                        "the expression yields "
                                + result.name()
                                + ", the "
                                + complaints.needy()
                                + " needs "
                                + fitting.stream()
                                        .map(CelType::name)
                                        .sorted()
                                        .collect(Collectors.joining(" or ")));
                return Optional.empty();
            }
            CelRuntime.Program program = cel.createProgram(checked.getAst());
            return Optional.of(
                    new CelExpression(
                            program,
                            DirectExpression.compile(checked.getAst().getExpr(), fields)
                                    .orElse(null),
                            type));
        } catch (CelValidationException | CelEvaluationException e) {
            complaints.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /// Where complaints about an expression go.
    ///
    /// @param needy what the expression's value is for
    private record Complaints(Location location, String place, String needy, Problems problems) {
        void add(String message) {
            problems.add(
                    location,
                    place,
                    message.strip().replaceAll("\\s+", " "),
                    needy.equals("condition")
                            ? "correct the expression"
                            : "correct the expression or the field's type");
        }
    }

    private static Set<CelType> fitting(FieldType type) {
        return switch (type) {
            case FieldType.Text _, FieldType.Date _, FieldType.Time _ -> Set.of(SimpleType.STRING);
            case FieldType.Int _ -> Set.of(SimpleType.INT);
            case FieldType.Real _, FieldType.Decimal _ -> Set.of(SimpleType.DOUBLE, SimpleType.INT);
            case FieldType.Bool _ -> Set.of(SimpleType.BOOL);
            case FieldType.Timestamp _ -> Set.of(SimpleType.TIMESTAMP);
            case FieldType.Struct _, FieldType.Array _ -> Set.of();
        };
    }
}
