package leat.core.enrich;

import dev.cel.common.ast.CelExpr;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import org.jspecify.annotations.Nullable;

/// Which fields of `event` an expression reads.
///
/// @param paths each once; the way ends at a list where its items are read
/// @param isSingle whether the expression is the value of one field and nothing else
record ReadFields(List<FieldPath> paths, boolean isSingle) {

    private static final String EVENT = "event";

    ReadFields {
        paths = List.copyOf(paths);
    }

    static ReadFields of(CelExpr expression) {
        Set<FieldPath> found = new LinkedHashSet<>();
        collect(expression, found);
        boolean single =
                expression.getKind() == CelExpr.ExprKind.Kind.SELECT
                        && !expression.select().testOnly()
                        && path(expression) != null;
        return new ReadFields(new ArrayList<>(found), single);
    }

    /// The places, from level to level, of the only field that the expression is; empty when it is
    /// more than that.
    List<Integer> sole(List<Field> fields) {
        List<Integer> places = new ArrayList<>();
        List<Field> level = fields;
        for (String segment : isSingle ? paths.getFirst().segments() : List.<String>of()) {
            int place = level.stream().map(Field::name).toList().indexOf(segment);
            if (place < 0) {
                return List.of();
            }
            places.add(place);
            level =
                    level.get(place).type() instanceof FieldType.Struct struct
                            ? struct.fields()
                            : List.of();
        }
        return places;
    }

    private static void collect(CelExpr expression, Set<FieldPath> found) {
        List<String> path = path(expression);
        if (path != null) {
            if (!path.isEmpty()) {
                found.add(new FieldPath(path));
            }
            return;
        }
        children(expression).forEach(child -> collect(child, found));
    }

    /// The way that a chain of selections takes from `event`; null when it is none.
    private static @Nullable List<String> path(CelExpr expression) {
        return switch (expression.getKind()) {
            case IDENT -> expression.ident().name().equals(EVENT) ? List.of() : null;
            case SELECT -> {
                List<String> owner = path(expression.select().operand());
                if (owner == null) {
                    yield null;
                }
                List<String> path = new ArrayList<>(owner);
                path.add(expression.select().field());
                yield path;
            }
            case NOT_SET, CONSTANT, CALL, LIST, STRUCT, MAP, COMPREHENSION -> null;
        };
    }

    private static List<CelExpr> children(CelExpr expression) {
        return switch (expression.getKind()) {
            case NOT_SET, CONSTANT, IDENT -> List.of();
            case SELECT -> List.of(expression.select().operand());
            case CALL -> {
                List<CelExpr> children = new ArrayList<>(expression.call().args());
                expression.call().target().ifPresent(children::add);
                yield children;
            }
            case LIST -> expression.list().elements();
            case STRUCT ->
                    expression.struct().entries().stream()
                            .map(CelExpr.CelStruct.Entry::value)
                            .toList();
            case MAP -> {
                List<CelExpr> children = new ArrayList<>();
                expression
                        .map()
                        .entries()
                        .forEach(entry -> {
                            children.add(entry.key());
                            children.add(entry.value());
                        });
                yield children;
            }
            case COMPREHENSION -> {
                CelExpr.CelComprehension loop = expression.comprehension();
                yield List.of(
                        loop.iterRange(),
                        loop.accuInit(),
                        loop.loopCondition(),
                        loop.loopStep(),
                        loop.result());
            }
        };
    }
}
