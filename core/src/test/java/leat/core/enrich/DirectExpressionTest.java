package leat.core.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.odcs.OdcsReader;
import leat.core.validate.Row;
import leat.core.yaml.Problems;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Generated expressions over generated rows: the direct evaluation against CEL's interpreter.
class DirectExpressionTest {

    private static final long SEED = 20_261_121;
    private static final int EXPRESSIONS = 400;
    private static final int ROWS = 60;

    private static final String CONTRACT =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: thing
            version: 1.0.0
            status: active
            schema:
              - name: thing
                properties:
                  - {name: i, logicalType: integer}
                  - {name: j, logicalType: integer}
                  - {name: x, logicalType: number}
                  - {name: y, logicalType: number}
                  - {name: d, logicalType: number, physicalType: "decimal(6,2)"}
                  - {name: s, logicalType: string}
                  - {name: p, logicalType: boolean}
                  - name: o
                    logicalType: object
                    properties:
                      - {name: x, logicalType: number}
                      - {name: s, logicalType: string}
                  - {name: intOut, logicalType: integer}
                  - {name: doubleOut, logicalType: number}
                  - {name: stringOut, logicalType: string}
                  - {name: boolOut, logicalType: boolean}
            customProperties:
              - property: leat.enrich
                value:
                  - {field: intOut, constant: 1}
                  - {field: doubleOut, constant: 1}
                  - {field: stringOut, constant: a}
                  - {field: boolOut, constant: true}
            """;

    private static final double[] REALS = {
        0.0, -0.0, 1.5, -2.25, 1e308, -1e308, Double.MIN_VALUE, 3.0, 0.1
    };
    private static final long[] WHOLES = {0, 1, -1, 7, 3, Long.MAX_VALUE, Long.MIN_VALUE, 40};

    private final Contract contract =
            OdcsReader.read(Path.of("thing.odcs.yaml"), CONTRACT).orThrow();
    private final ExpressionCompiler compiler = new ExpressionCompiler(contract);
    private final Random random = new Random(SEED);

    @Test
    void directEvaluationAgreesWithTheInterpreterWhereverItAnswers() {
        int answered = 0;
        for (int n = 0; n < EXPRESSIONS; n++) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            String text = expression(kind, 3);
            DirectExpression direct = compile(kind, text).direct();
            CelExpression interpreted = compile(kind, "[" + text + "][0]");
            assertThat(interpreted.direct()).isNull();
            assertThat(direct).describedAs(text).isNotNull();
            for (int r = 0; r < ROWS; r++) {
                Row row = row();
                Object value = direct == null ? null : direct.evaluate(row);
                if (value != null) {
                    answered++;
                    assertThat(value)
                            .describedAs("seed %d: %s of %s", SEED, text, row)
                            .isEqualTo(interpreted.evaluate(row));
                }
            }
        }
        assertThat(answered).isGreaterThan(EXPRESSIONS * ROWS / 4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event.i + event.j > 9223372036854775806",
                "event.i / 0 == 1",
                "event.o.x > 1.0",
                "event.x / 0.0 > 1.0"
            })
    void whatIsOutOfTheOrdinaryIsLeftToTheInterpreter(String text) {
        @Nullable Object[] values = new Object[contract.fields().size()];
        values[0] = Long.MAX_VALUE;
        values[1] = 1L;
        values[2] = 1.0;

        DirectExpression direct = compile(Kind.BOOL, text).direct();

        assertThat(direct).isNotNull();
        assertThat(direct == null ? "" : direct.evaluate(new Row(contract.fields(), values)))
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"event.s.startsWith('a')", "event.s in ['a', 'b']", "size(event.s) == 1"})
    void anExpressionBeyondThisPartOfCelIsNotCompiled(String text) {
        assertThat(compile(Kind.BOOL, text).direct()).isNull();
    }

    private enum Kind {
        INT("intOut", "event.i", "event.j"),
        DOUBLE("doubleOut", "event.x", "event.y", "event.d", "event.o.x"),
        STRING("stringOut", "event.s", "event.o.s"),
        BOOL("boolOut", "event.p", "has(event.x)", "has(event.o)", "has(event.i)");

        private final String output;
        private final ImmutableList<String> fields;

        Kind(String output, String... fields) {
            this.output = output;
            this.fields = ImmutableList.copyOf(fields);
        }
    }

    private CelExpression compile(Kind kind, String text) {
        Field field =
                contract.fields().stream()
                        .filter(f -> f.name().equals(kind.output))
                        .findFirst()
                        .orElseThrow();
        Problems problems = new Problems();
        EnrichStep.Derived step =
                new EnrichStep.Derived(field.name(), text, contract.steps().getFirst().location());
        Expression compiled = compiler.compile(step, field, problems).orElse(null);
        assertThat(problems.list()).describedAs(text).isEmpty();
        assertThat(compiled).isInstanceOf(CelExpression.class);
        return (CelExpression) java.util.Objects.requireNonNull(compiled);
    }

    private String expression(Kind kind, int depth) {
        if (depth == 0 || random.nextInt(5) == 0) {
            return random.nextInt(4) == 0 ? literal(kind) : one(kind.fields);
        }
        if (random.nextInt(6) == 0) {
            return "(%s ? %s : %s)"
                    .formatted(
                            expression(Kind.BOOL, depth - 1),
                            expression(kind, depth - 1),
                            expression(kind, depth - 1));
        }
        return switch (kind) {
            case INT ->
                    random.nextBoolean()
                            ? infix(kind, depth, "+", "-", "*", "/")
                            : extreme(kind, depth);
            case DOUBLE ->
                    switch (random.nextInt(3)) {
                        case 0 -> extreme(kind, depth);
                        case 1 -> "double(" + expression(Kind.INT, depth - 1) + ")";
                        default -> infix(kind, depth, "+", "-", "*", "/");
                    };
            case STRING -> infix(kind, depth, "+");
            case BOOL ->
                    switch (random.nextInt(5)) {
                        case 0 -> "!" + expression(kind, depth - 1);
                        case 1 -> infix(kind, depth, "&&", "||", "==", "!=");
                        case 2 -> infix(Kind.STRING, depth, "==", "!=");
                        case 3 -> infix(Kind.INT, depth, "<", "<=", ">", ">=", "==", "!=");
                        default -> infix(Kind.DOUBLE, depth, "<", "<=", ">", ">=", "==", "!=");
                    };
        };
    }

    private String infix(Kind kind, int depth, String... operators) {
        return "(%s %s %s)"
                .formatted(
                        expression(kind, depth - 1),
                        one(List.of(operators)),
                        expression(kind, depth - 1));
    }

    private String extreme(Kind kind, int depth) {
        StringBuilder call = new StringBuilder(one(List.of("math.greatest(", "math.least(")));
        int count = 1 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            call.append(i == 0 ? "" : ", ").append(expression(kind, depth - 1));
        }
        return call.append(')').toString();
    }

    private String literal(Kind kind) {
        return switch (kind) {
            case INT -> Integer.toString(random.nextInt(5));
            case DOUBLE -> one(List.of("0.0", "1.5", "2.0", "-0.0"));
            case STRING -> one(List.of("'a'", "'b'", "''"));
            case BOOL -> one(List.of("true", "false"));
        };
    }

    private String one(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    private Row row() {
        List<Field> fields = contract.fields();
        @Nullable Object[] values = new Object[fields.size()];
        values[0] = maybe(WHOLES[random.nextInt(WHOLES.length)]);
        values[1] = maybe(WHOLES[random.nextInt(WHOLES.length)]);
        values[2] = maybe(REALS[random.nextInt(REALS.length)]);
        values[3] = maybe(REALS[random.nextInt(REALS.length)]);
        values[4] = maybe(BigDecimal.valueOf(random.nextInt(2_000) - 1_000, 2));
        values[5] = maybe(one(List.of("a", "b", "")));
        values[6] = maybe(random.nextBoolean());
        if (fields.get(7).type() instanceof leat.core.contract.FieldType.Struct struct) {
            values[7] =
                    maybe(
                            new Row(
                                    struct.fields(),
                                    new @Nullable Object[] {maybe(1.5), maybe("a")}));
        }
        return new Row(fields, values);
    }

    private @Nullable Object maybe(Object value) {
        return random.nextInt(12) == 0 ? null : value;
    }
}
