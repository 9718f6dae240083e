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
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import leat.core.validate.Row;
import leat.core.validate.ValueTexts;
import leat.core.yaml.Problems;
import org.jspecify.annotations.Nullable;

/// Compiles CEL expressions over `event`, checked against the contract's types. The macros and the
/// functions of CEL's standard, `math` and `strings` extensions are there; loops end after 10,000
/// rounds.
final class ExpressionCompiler {

    /// Type names must not look like paths of `event`: CEL would take those for the types.
    private static final String ROOT_TYPE = "leatEvent";

    private static final int MAX_ROUNDS = 10_000;

    private final Map<String, StructType> types = new HashMap<>();
    private final Cel cel;

    ExpressionCompiler(Contract contract) {
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
            return Optional.of(row -> evaluate(program, field, row));
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

    private static @Nullable Object evaluate(CelRuntime.Program program, Field field, Row row) {
        Object result;
        try {
            result = program.eval(Map.of("event", new RowMap(row)));
        } catch (CelEvaluationException e) {
            throw new ExpressionFailed("the expression failed: " + e.getMessage());
        }
        if (result == null || result instanceof dev.cel.common.values.NullValue) {
            return null;
        }
        Object value = converted(field.type(), result);
        if (value == null) {
            throw new ExpressionFailed(
                    "the expression yields " + result + ", which is not of the field's type");
        }
        return value;
    }

    /// The result as the field's value class; null when it is none. Decimals are rounded half to
    /// even.
    private static @Nullable Object converted(FieldType type, Object result) {
        return switch (type) {
            case FieldType.Text _ -> result instanceof String ? result : null;
            case FieldType.Int _ -> result instanceof Long ? result : null;
            case FieldType.Real _ ->
                    result instanceof Long whole
                            ? (Object) whole.doubleValue()
                            : result instanceof Double real && Double.isFinite(real) ? real : null;
            case FieldType.Decimal decimal -> decimal(decimal, result);
            case FieldType.Bool _ -> result instanceof Boolean ? result : null;
            case FieldType.Date _, FieldType.Time _ ->
                    result instanceof String text ? parsed(type, text) : null;
            case FieldType.Timestamp _ ->
                    result instanceof Instant instant
                            ? instant.truncatedTo(ChronoUnit.MICROS)
                            : null;
            case FieldType.Struct _, FieldType.Array _ -> null;
        };
    }

    private static @Nullable Object decimal(FieldType.Decimal type, Object result) {
        BigDecimal exact =
                switch (result) {
                    case Long whole -> BigDecimal.valueOf(whole);
                    case Double real when Double.isFinite(real) -> BigDecimal.valueOf(real);
                    case Object _ -> null;
                };
        if (exact == null) {
            return null;
        }
        BigDecimal rounded = exact.setScale(type.scale(), RoundingMode.HALF_EVEN);
        return rounded.precision() <= type.precision() ? rounded : null;
    }

    private static @Nullable Object parsed(FieldType type, String text) {
        try {
            return ValueTexts.parse(type, text);
        } catch (IllegalArgumentException _) {
            return null;
        }
    }
}
