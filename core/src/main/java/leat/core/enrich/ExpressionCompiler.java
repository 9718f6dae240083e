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
import leat.core.yaml.Problems;

/// Compiles CEL expressions over `event`, checked against the contract's types. The macros and the
/// functions of CEL's standard, `math` and `strings` extensions are there; loops end after 10,000
/// rounds.
final class ExpressionCompiler {

    /// Type names must not look like paths of `event`: CEL would take those for the types.
    private static final String ROOT_TYPE = "leatEvent";

    private static final int MAX_ROUNDS = 10_000;

    private final Map<String, StructType> types = new HashMap<>();
    private final List<Field> fields;
    private final Cel cel;

    ExpressionCompiler(Contract contract) {
        this.fields = contract.fields();
        CelOptions options = CelOptions.current().comprehensionMaxIterations(MAX_ROUNDS).build();
        StructType event = struct(ROOT_TYPE, contract.fields());
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

    Optional<Expression> compile(EnrichStep.Derived step, Field field, Problems problems) {
        CelValidationResult checked = cel.compile(step.expression());
        if (checked.hasError()) {
            for (CelIssue issue : checked.getErrors()) {
                complain(step, issue.getMessage() + " in '" + step.expression() + "'", problems);
            }
            return Optional.empty();
        }
        try {
            CelType result = checked.getAst().getResultType();
            Set<CelType> fitting = fitting(field.type());
            if (!fitting.contains(result)
                    && !result.equals(SimpleType.DYN)
                    && !result.equals(SimpleType.NULL_TYPE)) {
                complain(
                        step,
                        "the expression yields "
                                + result.name()
                                + ", the field needs "
                                + fitting.stream()
                                        .map(CelType::name)
                                        .sorted()
                                        .collect(Collectors.joining(" or ")),
                        problems);
                return Optional.empty();
            }
            CelRuntime.Program program = cel.createProgram(checked.getAst());
            return Optional.of(
                    new CelExpression(
                            program,
                            DirectExpression.compile(checked.getAst().getExpr(), fields)
                                    .orElse(null),
                            field.type()));
        } catch (CelValidationException | CelEvaluationException e) {
            complain(step, String.valueOf(e.getMessage()), problems);
            return Optional.empty();
        }
    }

    private static void complain(EnrichStep.Derived step, String message, Problems problems) {
        problems.add(
                step.location(),
                "leat.enrich." + step.field(),
                message.strip().replaceAll("\\s+", " "),
                "correct the expression or the field's type");
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
