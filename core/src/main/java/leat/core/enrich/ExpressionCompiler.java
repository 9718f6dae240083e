package leat.core.enrich;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelAbstractSyntaxTree;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;

/// Compiles CEL expressions over `event`, checked against the contract's types. The macros and the
/// functions of CEL's standard, `math` and `strings` extensions are there; loops end after 10,000
/// rounds.
final class ExpressionCompiler {

    /// Type names must not look like paths of `event`: CEL would take those for the types.
    private static final String ROOT_TYPE = "leatEvent";

    private static final int MAX_ROUNDS = 10_000;

    private static final Pattern UNKNOWN_FIELD = Pattern.compile("undefined field '([^']+)'");

    /// What the expressions of [#compileAny] may yield.
    private static final Map<CelType, FieldType> SINGLE_VALUES =
            Map.of(
                    SimpleType.STRING, FieldType.Text.any(),
                    SimpleType.INT, FieldType.Int.any(),
                    SimpleType.DOUBLE, FieldType.Real.any(),
                    SimpleType.BOOL, new FieldType.Bool(),
                    SimpleType.TIMESTAMP, FieldType.Timestamp.iso());

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
                FieldType.Text.any(),
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

    /// The fields that an expression reads, whatever it yields, each once; none where it is not
    /// sound.
    List<FieldPath> reads(String text, Location location, String place, Problems problems) {
        return checked(text, new Complaints(location, place, "expression", problems))
                .map(ast -> ReadFields.of(ast.getExpr()).paths())
                .orElse(List.of());
    }

    /// An expression of whatever type it yields, which must be one of single values.
    ///
    /// @param place the path of the key where it stands
    Optional<RowExpression> compileAny(
            String text, Location location, String place, Problems problems) {
        Complaints complaints = new Complaints(location, place, "expression", problems);
        Optional<CelAbstractSyntaxTree> checked = checked(text, complaints);
        Optional<FieldType> type = checked.flatMap(ast -> yielded(ast, complaints));
        if (type.isEmpty()) {
            return Optional.empty();
        }
        CelAbstractSyntaxTree ast = checked.orElseThrow();
        ReadFields read = ReadFields.of(ast.getExpr());
        return program(ast, type.get(), complaints)
                .map(expression ->
                        new RowExpression(expression, type.get(), read, read.sole(fields)));
    }

    private Optional<Expression> compile(String text, FieldType type, Complaints complaints) {
        return checked(text, complaints)
                .filter(ast -> fits(ast.getResultType(), type, complaints))
                .flatMap(ast -> program(ast, type, complaints));
    }

    private Optional<CelAbstractSyntaxTree> checked(String text, Complaints complaints) {
        CelValidationResult parsed = cel.parse(text);
        if (parsed.hasError()) {
            SyntaxFault fault = SyntaxFault.of(text, parsed.getErrors());
            complaints.add(fault.message(), fault.remedy());
            return Optional.empty();
        }
        CelValidationResult checked = cel.compile(text);
        try {
            if (!checked.hasError()) {
                return Optional.of(checked.getAst());
            }
        } catch (CelValidationException e) {
            complaints.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
        for (CelIssue issue : checked.getErrors()) {
            String message = issue.getMessage() + " in '" + text + "'";
            meant(issue.getMessage())
                    .ifPresentOrElse(
                            name ->
                                    complaints.add(
                                            message, "write '" + name + "' if that was meant"),
                            () -> complaints.add(message));
        }
        return Optional.empty();
    }

    /// The field that is nearest to one that is not there.
    private Optional<String> meant(String message) {
        Matcher unknown = UNKNOWN_FIELD.matcher(message);
        return unknown.find()
                ? NearestName.of(
                        unknown.group(1),
                        types.values().stream()
                                .flatMap(type -> type.fieldNames().stream())
                                .collect(Collectors.toSet()))
                : Optional.empty();
    }

    private static boolean fits(CelType result, FieldType type, Complaints complaints) {
        Set<CelType> fitting = fitting(type);
        if (fitting.contains(result)
                || result.equals(SimpleType.DYN)
                || result.equals(SimpleType.NULL_TYPE)) {
            return true;
        }
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
        return false;
    }

    private Optional<FieldType> yielded(CelAbstractSyntaxTree ast, Complaints complaints) {
        CelType result = ast.getResultType();
        if (result.equals(SimpleType.DYN)) {
            Optional<FieldType> type = DirectExpression.type(ast.getExpr(), fields);
            if (type.isEmpty()) {
                complaints.add(
                        "it cannot be told what the expression yields",
                        "put it into double(…), int(…) or string(…)");
            }
            return type;
        }
        Optional<FieldType> type = Optional.ofNullable(SINGLE_VALUES.get(result));
        if (type.isEmpty()) {
            complaints.add(
                    "the expression yields " + result.name(),
                    "let it yield a text, a number, a boolean or a timestamp");
        }
        return type;
    }

    private Optional<Expression> program(
            CelAbstractSyntaxTree ast, FieldType type, Complaints complaints) {
        try {
            CelRuntime.Program program = cel.createProgram(ast);
            return Optional.of(
                    new CelExpression(
                            program,
                            DirectExpression.compile(ast.getExpr(), fields).orElse(null),
                            type));
        } catch (CelEvaluationException e) {
            complaints.add(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /// Where complaints about an expression go.
    ///
    /// @param needy what the expression's value is for
    private record Complaints(Location location, String place, String needy, Problems problems) {
        void add(String message) {
            add(
                    message,
                    Set.of("condition", "expression").contains(needy)
                            ? "correct the expression"
                            : "correct the expression or the field's type");
        }

        void add(String message, String remedy) {
            problems.add(location, place, message.strip().replaceAll("\\s+", " "), remedy);
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
