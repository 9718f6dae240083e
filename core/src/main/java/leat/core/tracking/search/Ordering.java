package leat.core.tracking.search;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import leat.core.tracking.TrackingRefused;

/// One order of a search. What is not a number comes behind all numbers, and what has no value
/// behind all that have one, in both directions.
public record Ordering(Field field, boolean ascending) {

    /// Reads `FIELD [ASC|DESC]`.
    ///
    /// @throws TrackingRefused when the text is none
    static Ordering parse(String text, Vocabulary vocabulary) {
        List<Token> tokens = tokens(text);
        if (tokens.isEmpty() || tokens.size() > 2 || !(tokens.getFirst() instanceof Token.Name)) {
            throw unreadable(text);
        }
        boolean ascending = tokens.size() == 1 || ascending(text, tokens.getLast());
        return new Ordering(vocabulary.ordered(FieldName.of(tokens.getFirst().text())), ascending);
    }

    private static List<Token> tokens(String text) {
        try {
            return Tokens.of(text);
        } catch (Tokens.Unclosed _) {
            throw unreadable(text);
        }
    }

    private static TrackingRefused unreadable(String text) {
        return TrackingRefused.invalid(
                "Invalid order_by clause '" + text + "'. Could not be parsed.");
    }

    private static boolean ascending(String text, Token direction) {
        return switch (direction.text().toLowerCase(Locale.ROOT)) {
            case "asc" -> true;
            case "desc" -> false;
            default ->
                    throw TrackingRefused.invalid(
                            "Invalid ordering key in order_by clause '" + text + "'.");
        };
    }

    /// The order that all of a search's orders give together.
    ///
    /// @param lastResort orders what they leave equal
    static <T> Comparator<T> by(
            List<Ordering> orders, Function<T, Row> row, Comparator<T> lastResort) {
        Comparator<T> order = lastResort;
        for (Ordering ordering : orders.reversed()) {
            Comparator<T> first = Comparator.comparing(row, ordering.comparator());
            order = first.thenComparing(order);
        }
        return order;
    }

    Comparator<Row> comparator() {
        return (a, b) -> {
            Optional<FieldValue> left = a.value(field).map(FieldValue::first);
            Optional<FieldValue> right = b.value(field).map(FieldValue::first);
            int byRank = Integer.compare(rank(left), rank(right));
            if (byRank != 0 || rank(left) != 0) {
                return byRank;
            }
            int byValue = compare(left.orElseThrow(), right.orElseThrow());
            return ascending ? byValue : -byValue;
        };
    }

    private static int rank(Optional<FieldValue> value) {
        if (value.isEmpty()) {
            return 2;
        }
        return value.get() instanceof FieldValue.Numeral(double number) && Double.isNaN(number)
                ? 1
                : 0;
    }

    private static int compare(FieldValue left, FieldValue right) {
        return left instanceof FieldValue.Numeral(double a)
                        && right instanceof FieldValue.Numeral(double b)
                ? Double.compare(a, b)
                : text(left).compareTo(text(right));
    }

    private static String text(FieldValue value) {
        return switch (value) {
            case FieldValue.Text(String text) -> text;
            case FieldValue.Numeral(double number) -> Double.toString(number);
            case FieldValue.Several several -> text(several.first());
        };
    }
}
