package leat.core.enrich;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntPredicate;
import java.util.function.LongBinaryOperator;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.validate.Row;
import org.jspecify.annotations.Nullable;

/// The part of CEL that most derived fields need (fields, arithmetic, comparisons, logic, `has`,
/// `math.greatest` and `math.least` of numbers, texts and booleans) as closures over the row:
/// several times as fast as the interpreter.
///
/// It answers where nothing is out of the ordinary. An absent field, an overflow, a division by
/// zero, a double that is not finite: then it yields null, and CEL itself says what becomes of the
/// expression. An expression outside this part is not compiled at all.
@FunctionalInterface
interface DirectExpression {

    /// The value as CEL would give it; null where only CEL can tell.
    @Nullable Object evaluate(Row row);

    /// Compiles a checked expression over `event`, an object of `fields`; empty when it needs more
    /// than this part of CEL.
    static Optional<DirectExpression> compile(CelExpr expression, List<Field> fields) {
        try {
            return Optional.of(new Compiler(fields).node(expression).value());
        } catch (BeyondThisPart _) {
            return Optional.empty();
        }
    }

    /// What the value of an expression is where CEL itself cannot tell, as of the greatest of more
    /// than two; empty when the expression needs more than this part of CEL.
    static Optional<FieldType> type(CelExpr expression, List<Field> fields) {
        try {
            return Optional.of(
                    switch (new Compiler(fields).node(expression).kind()) {
                        case INT -> FieldType.Int.any();
                        case DOUBLE -> FieldType.Real.any();
                        case STRING -> FieldType.Text.any();
                        case BOOL -> new FieldType.Bool();
                    });
        } catch (BeyondThisPart _) {
            return Optional.empty();
        }
    }

    /// The expression needs CEL.
    final class BeyondThisPart extends RuntimeException {
        private BeyondThisPart() {
            super(null, null, false, false);
        }
    }

    /// The types of CEL that are known here.
    enum Kind {
        INT,
        DOUBLE,
        STRING,
        BOOL;

        boolean isNumber() {
            return this == INT || this == DOUBLE;
        }
    }

    /// A compiled part of the expression.
    record Node(Kind kind, DirectExpression value) {}

    /// Turns a syntax tree into closures.
    final class Compiler {

        private final List<Field> fields;

        private Compiler(List<Field> fields) {
            this.fields = fields;
        }

        private Node node(CelExpr expression) {
            return switch (expression.getKind()) {
                case CONSTANT -> constant(expression.constant());
                case SELECT -> select(expression.select());
                case CALL -> call(expression.call());
                case NOT_SET, IDENT, LIST, STRUCT, MAP, COMPREHENSION -> throw new BeyondThisPart();
            };
        }

        private static Node constant(CelConstant constant) {
            return switch (constant.getKind()) {
                case INT64_VALUE -> always(Kind.INT, constant.int64Value());
                case DOUBLE_VALUE -> always(Kind.DOUBLE, constant.doubleValue());
                case STRING_VALUE -> always(Kind.STRING, constant.stringValue());
                case BOOLEAN_VALUE -> always(Kind.BOOL, constant.booleanValue());
                case NOT_SET,
                        NULL_VALUE,
                        UINT64_VALUE,
                        BYTES_VALUE,
                        TIMESTAMP_VALUE,
                        DURATION_VALUE ->
                        throw new BeyondThisPart();
            };
        }

        private static Node always(Kind kind, Object value) {
            return new Node(kind, _ -> value);
        }

        private Node select(CelExpr.CelSelect select) {
            Place place = place(select);
            if (select.testOnly()) {
                return new Node(
                        Kind.BOOL,
                        row -> {
                            Row owner = place.owner(row);
                            return owner == null ? null : owner.value(place.index()) != null;
                        });
            }
            return switch (place.type()) {
                case FieldType.Text _ -> new Node(Kind.STRING, place::value);
                case FieldType.Int _ -> new Node(Kind.INT, place::value);
                case FieldType.Real _ -> new Node(Kind.DOUBLE, place::value);
                case FieldType.Bool _ -> new Node(Kind.BOOL, place::value);
                case FieldType.Decimal _ ->
                        new Node(
                                Kind.DOUBLE,
                                row ->
                                        place.value(row) instanceof BigDecimal exact
                                                ? finite(exact.doubleValue())
                                                : null);
                case FieldType.Date _,
                        FieldType.Time _,
                        FieldType.Timestamp _,
                        FieldType.Struct _,
                        FieldType.Array _ ->
                        throw new BeyondThisPart();
            };
        }

        /// A field of `event`, or of an object in it.
        private record Place(@Nullable Place parent, int index, FieldType type) {

            @Nullable Row owner(Row root) {
                return parent == null ? root : parent.value(root) instanceof Row row ? row : null;
            }

            @Nullable Object value(Row root) {
                Row owner = owner(root);
                return owner == null ? null : owner.value(index);
            }
        }

        private Place place(CelExpr.CelSelect select) {
            CelExpr operand = select.operand();
            return switch (operand.getKind()) {
                case IDENT -> place(null, fields, select.field());
                case SELECT -> {
                    Place parent = place(operand.select());
                    if (!(parent.type() instanceof FieldType.Struct struct)) {
                        throw new BeyondThisPart();
                    }
                    yield place(parent, struct.fields(), select.field());
                }
                case NOT_SET, CONSTANT, CALL, LIST, STRUCT, MAP, COMPREHENSION ->
                        throw new BeyondThisPart();
            };
        }

        private static Place place(@Nullable Place parent, List<Field> siblings, String name) {
            for (int i = 0; i < siblings.size(); i++) {
                if (siblings.get(i).name().equals(name)) {
                    return new Place(parent, i, siblings.get(i).type());
                }
            }
            throw new BeyondThisPart();
        }

        private Node call(CelExpr.CelCall call) {
            if (call.target().isPresent()) {
                throw new BeyondThisPart();
            }
            List<Node> operands = operands(call);
            return switch (call.function()) {
                case "_+_" ->
                        operands.getFirst().kind() == Kind.STRING
                                ? both(operands, Kind.STRING, (a, b) -> (String) a + b)
                                : arithmetic(operands, Math::addExact, Double::sum);
                case "_-_" -> arithmetic(operands, Math::subtractExact, (a, b) -> a - b);
                case "_*_" -> arithmetic(operands, Math::multiplyExact, (a, b) -> a * b);
                case "_/_" -> arithmetic(operands, Math::divideExact, (a, b) -> a / b);
                case "_<_" -> comparison(operands, order -> order < 0);
                case "_<=_" -> comparison(operands, order -> order <= 0);
                case "_>_" -> comparison(operands, order -> order > 0);
                case "_>=_" -> comparison(operands, order -> order >= 0);
                case "_==_" -> equality(operands, true);
                case "_!=_" -> equality(operands, false);
                case "!_" -> not(operands);
                case "_&&_" -> decided(operands, false);
                case "_||_" -> decided(operands, true);
                case "_?_:_" -> choice(operands);
                case "double" -> real(operands.getFirst());
                case "math.@max" -> extreme(operands, 1);
                case "math.@min" -> extreme(operands, -1);
                default -> throw new BeyondThisPart();
            };
        }

        /// What a function is called with; a list that is its only argument counts as its items.
        private List<Node> operands(CelExpr.CelCall call) {
            List<CelExpr> arguments = call.args();
            if (arguments.size() == 1
                    && arguments.getFirst().getKind() == CelExpr.ExprKind.Kind.LIST
                    && call.function().startsWith("math.@")) {
                arguments = arguments.getFirst().list().elements();
            }
            if (arguments.isEmpty()) {
                throw new BeyondThisPart();
            }
            return arguments.stream().map(this::node).toList();
        }

        /// The kind that all operands are of.
        private static Kind kindOf(List<Node> operands) {
            Kind kind = operands.getFirst().kind();
            if (operands.stream().anyMatch(operand -> operand.kind() != kind)) {
                throw new BeyondThisPart();
            }
            return kind;
        }

        private static Kind numberOf(List<Node> operands) {
            Kind kind = kindOf(operands);
            if (!kind.isNumber()) {
                throw new BeyondThisPart();
            }
            return kind;
        }

        private static Node both(List<Node> operands, Kind kind, BinaryOperator<Object> operator) {
            kindOf(operands);
            DirectExpression left = operands.getFirst().value();
            DirectExpression right = operands.getLast().value();
            return new Node(
                    kind,
                    row -> {
                        Object a = left.evaluate(row);
                        Object b = a == null ? null : right.evaluate(row);
                        return a == null || b == null ? null : operator.apply(a, b);
                    });
        }

        private static Node arithmetic(
                List<Node> operands, LongBinaryOperator whole, DoubleBinaryOperator real) {
            return numberOf(operands) == Kind.INT
                    ? both(operands, Kind.INT, (a, b) -> exact(whole, (long) a, (long) b))
                    : both(
                            operands,
                            Kind.DOUBLE,
                            (a, b) -> finite(real.applyAsDouble((double) a, (double) b)));
        }

        private static @Nullable Object exact(LongBinaryOperator operator, long a, long b) {
            try {
                return operator.applyAsLong(a, b);
            } catch (ArithmeticException _) {
                return null;
            }
        }

        private static @Nullable Object finite(double value) {
            return Double.isFinite(value) ? (Object) value : null;
        }

        private static Node real(Node operand) {
            return switch (operand.kind()) {
                case DOUBLE -> operand;
                case INT ->
                        new Node(
                                Kind.DOUBLE,
                                row ->
                                        operand.value().evaluate(row) instanceof Long whole
                                                ? (Object) whole.doubleValue()
                                                : null);
                case STRING, BOOL -> throw new BeyondThisPart();
            };
        }

        private static Node comparison(List<Node> operands, IntPredicate holds) {
            numberOf(operands);
            return both(operands, Kind.BOOL, (a, b) -> holds.test(order(a, b)));
        }

        /// How two numbers of one kind compare; unlike [Double#compareTo], both zeros are equal.
        private static int order(Object a, Object b) {
            return a instanceof Long whole
                    ? Long.compare(whole, (long) b)
                    : Double.compare((double) a + 0.0, (double) b + 0.0);
        }

        /// How two numbers of one kind rank for `greatest` and `least`: -0.0 is below 0.0.
        private static int rank(Object a, Object b) {
            return a instanceof Long whole
                    ? Long.compare(whole, (long) b)
                    : Double.compare((double) a, (double) b);
        }

        private static Node equality(List<Node> operands, boolean equal) {
            return kindOf(operands) == Kind.DOUBLE
                    ? both(operands, Kind.BOOL, (a, b) -> (order(a, b) == 0) == equal)
                    : both(operands, Kind.BOOL, (a, b) -> a.equals(b) == equal);
        }

        private static void requireTruth(Node node) {
            if (node.kind() != Kind.BOOL) {
                throw new BeyondThisPart();
            }
        }

        private static Node not(List<Node> operands) {
            requireTruth(operands.getFirst());
            DirectExpression operand = operands.getFirst().value();
            return new Node(
                    Kind.BOOL,
                    row -> operand.evaluate(row) instanceof Boolean truth ? !truth : null);
        }

        /// `&&` (decided by false) and `||` (decided by true).
        private static Node decided(List<Node> operands, boolean by) {
            operands.forEach(Compiler::requireTruth);
            return new Node(
                    Kind.BOOL,
                    row -> {
                        for (Node operand : operands) {
                            if (!(operand.value().evaluate(row) instanceof Boolean truth)) {
                                return null;
                            }
                            if (truth == by) {
                                return by;
                            }
                        }
                        return !by;
                    });
        }

        private static Node choice(List<Node> operands) {
            requireTruth(operands.getFirst());
            Kind kind = kindOf(operands.subList(1, 3));
            DirectExpression condition = operands.getFirst().value();
            DirectExpression yes = operands.get(1).value();
            DirectExpression no = operands.get(2).value();
            return new Node(
                    kind,
                    row ->
                            condition.evaluate(row) instanceof Boolean truth
                                    ? (truth ? yes : no).evaluate(row)
                                    : null);
        }

        /// The greatest (`sign` 1) or least (-1) of numbers.
        private static Node extreme(List<Node> operands, int sign) {
            Kind kind = numberOf(operands);
            DirectExpression[] values =
                    operands.stream().map(Node::value).toArray(DirectExpression[]::new);
            return new Node(
                    kind,
                    row -> {
                        Object best = values[0].evaluate(row);
                        for (int i = 1; i < values.length && best != null; i++) {
                            Object other = values[i].evaluate(row);
                            best = other == null || sign * rank(other, best) > 0 ? other : best;
                        }
                        return best;
                    });
        }
    }
}
