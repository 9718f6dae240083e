package leat.core.tracking.search;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One comparison of a filter. What a row has no value of, it does not fulfil, also `!=`.
public record Condition(Field field, Operator operator, Operand operand) {

    boolean holds(Row row) {
        Optional<FieldValue> value = row.value(field);
        return value.isPresent() && holds(value.get());
    }

    private boolean holds(FieldValue value) {
        if (value instanceof FieldValue.Several(List<FieldValue> values)) {
            return values.stream().anyMatch(this::holds);
        }
        return switch (operand) {
            case Operand.Numeral(double wanted) ->
                    value instanceof FieldValue.Numeral(double number) && compares(number, wanted);
            case Operand.Text(String wanted) ->
                    value instanceof FieldValue.Text(String text) && compares(text, wanted);
            case Operand.Texts texts ->
                    value instanceof FieldValue.Text(String text)
                            && texts.texts().contains(text) == (operator == Operator.IN);
        };
    }

    /// As IEEE 754 has it: nothing but `!=` is true of what is not a number.
    private boolean compares(double value, double wanted) {
        return switch (operator) {
            case EQUAL -> value == wanted;
            case NOT_EQUAL -> value != wanted;
            case GREATER -> value > wanted;
            case GREATER_OR_EQUAL -> value >= wanted;
            case LESS -> value < wanted;
            case LESS_OR_EQUAL -> value <= wanted;
            case LIKE, ILIKE, IN, NOT_IN -> false;
        };
    }

    private boolean compares(String value, String wanted) {
        return switch (operator) {
            case EQUAL -> value.equals(wanted);
            case NOT_EQUAL -> !value.equals(wanted);
            case LIKE -> new LikePattern(wanted).matches(value);
            case ILIKE -> LikePattern.ignoringCase(wanted).matches(value.toLowerCase(Locale.ROOT));
            case GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL, IN, NOT_IN -> false;
        };
    }
}
