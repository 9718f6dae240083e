package leat.core.tracking.search;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.tracking.TrackingRefused;

/// Reads a filter: `FIELD OPERATOR VALUE`, joined by AND.
final class FilterParser {

    private static final int CONDITIONS = 100;
    private static final String AND = "AND";

    private final String text;
    private final List<Token> tokens;
    private final Vocabulary vocabulary;
    private int next;

    private FilterParser(String text, List<Token> tokens, Vocabulary vocabulary) {
        this.text = text;
        this.tokens = tokens;
        this.vocabulary = vocabulary;
    }

    /// @throws TrackingRefused when it is not one
    static Filter parse(String text, Vocabulary vocabulary) {
        if (text.isBlank()) {
            return Filter.ALL;
        }
        try {
            return new FilterParser(text, Tokens.of(text), vocabulary).filter();
        } catch (Tokens.Unclosed e) {
            throw TrackingRefused.invalid(
                    "Invalid clause(s) in filter string: '"
                            + e.rest()
                            + "': the quote is not closed");
        }
    }

    private Filter filter() {
        List<Condition> conditions = new ArrayList<>();
        conditions.add(condition());
        while (next < tokens.size()) {
            if (tokens.get(next).text().equals(";")) {
                throw TrackingRefused.invalid(
                        "Search filter contained multiple expression '"
                                + text
                                + "'. Provide AND-ed expression list.");
            }
            if (!keyword(AND)) {
                throw invalidClause(next);
            }
            if (conditions.size() == CONDITIONS) {
                throw TrackingRefused.invalid(
                        "A filter may have " + CONDITIONS + " conditions at most");
            }
            conditions.add(condition());
        }
        return new Filter(conditions);
    }

    private TrackingRefused invalidClause(int from) {
        String rest = text.substring(tokens.get(from).at());
        return TrackingRefused.invalid(
                "Invalid clause(s) in filter string: '"
                        + rest
                        + "'. Comparisons are joined by AND, and names with other characters than"
                        + " letters, digits, '_' and '.' stand in backticks or double quotes");
    }

    private boolean keyword(String word) {
        boolean there =
                next < tokens.size()
                        && tokens.get(next) instanceof Token.Name
                        && tokens.get(next).text().equalsIgnoreCase(word);
        next += there ? 1 : 0;
        return there;
    }

    private Token taken(int start) {
        if (next >= tokens.size()) {
            throw TrackingRefused.invalid(
                    "Invalid comparison clause. Expected 3 tokens found " + (next - start));
        }
        return tokens.get(next++);
    }

    private Condition condition() {
        int start = next;
        Token left = taken(start);
        if (!(left instanceof Token.Name)) {
            throw TrackingRefused.invalid(
                    "Invalid comparison clause. Expected 'Identifier' found '" + left.text() + "'");
        }
        Operator operator = operator(start);
        Field field = vocabulary.filtered(FieldName.of(left.text()));
        Set<Operator> valid = operators(field);
        if (!valid.contains(operator)) {
            throw invalidOperator(operator.word(), valid);
        }
        return new Condition(field, operator, operand(field, operator, start));
    }

    private Operator operator(int start) {
        if (keyword("NOT")) {
            if (keyword("IN")) {
                return Operator.NOT_IN;
            }
            throw invalidClause(next - 1);
        }
        int place = next;
        Token token = taken(start);
        Optional<Operator> operator = Operator.of(token.text());
        boolean other = token.text().equals("<>") || token.text().equals("==");
        if (operator.isEmpty() && other) {
            throw invalidOperator(token.text(), Operator.OF_NUMBERS);
        }
        return operator.orElseThrow(() -> invalidClause(place));
    }

    private static TrackingRefused invalidOperator(String word, Set<Operator> valid) {
        return TrackingRefused.invalid(
                "Invalid comparator '" + word + "' not one of " + Operator.list(valid));
    }

    private static Set<Operator> operators(Field field) {
        return switch (field) {
            case Field.OfMetric _ -> Operator.OF_NUMBERS;
            case Field.OfParam _, Field.OfTag _ -> Operator.OF_TEXTS;
            case Field.OfDataset _ -> Operator.OF_TEXTS_AND_LISTS;
            case Field.Attribute(String name, boolean number) ->
                    number ? Operator.OF_NUMBERS : Operator.OF_TEXTS_AND_LISTS;
        };
    }

    private Operand operand(Field field, Operator operator, int start) {
        if (Operator.OF_LISTS.contains(operator)) {
            if (!vocabulary.takesLists(field)) {
                throw TrackingRefused.invalid(
                        "Only the '"
                                + String.join("', '", vocabulary.listed())
                                + "' attribute supports comparison with a list of quoted string"
                                + " values.");
            }
            return new Operand.Texts(texts(start));
        }
        Token token = taken(start);
        return switch (field) {
            case Field.OfMetric _ -> number(token, "metric.");
            case Field.OfParam _ -> text(token, "parameter (e.g. 'my-value')");
            case Field.OfTag _ -> text(token, "tag (e.g. 'my-value')");
            case Field.OfDataset _ -> text(token, "dataset attributes");
            case Field.Attribute(String name, boolean number) ->
                    number
                            ? number(token, "numeric attribute: " + name + ".")
                            : text(token, "attributes");
        };
    }

    private static Operand number(Token token, String of) {
        if (token instanceof Token.Numeral) {
            return new Operand.Numeral(Double.parseDouble(token.text()));
        }
        throw TrackingRefused.invalid(
                "Expected numeric value type for " + of + " Found " + token.text());
    }

    private static Operand text(Token token, String of) {
        return new Operand.Text(
                quoted(token)
                        .orElseThrow(() ->
                                TrackingRefused.invalid(
                                        "Expected a quoted string value for "
                                                + of
                                                + ". Got value "
                                                + token.text())));
    }

    /// What stands in single or in double quotes.
    private static Optional<String> quoted(Token token) {
        String written = token.text();
        boolean doubly =
                token instanceof Token.Name
                        && written.length() >= 2
                        && written.startsWith("\"")
                        && written.endsWith("\"");
        if (!(token instanceof Token.Quoted) && !doubly) {
            return Optional.empty();
        }
        String quote = written.substring(0, 1);
        return Optional.of(
                written.substring(1, written.length() - 1).replace(quote + quote, quote));
    }

    private Set<String> texts(int start) {
        Set<String> texts = new LinkedHashSet<>();
        String separator = taken(start).text().equals("(") ? "," : "";
        while (separator.equals(",") && next + 1 < tokens.size()) {
            Optional<String> text = quoted(tokens.get(next++));
            text.ifPresent(texts::add);
            separator = text.isPresent() ? tokens.get(next++).text() : "";
        }
        if (!separator.equals(")")) {
            throw TrackingRefused.invalid(
                    "While parsing a list in the query, expected a non-empty list of quoted string"
                            + " values, got "
                            + text.substring(tokens.get(start).at()));
        }
        return texts;
    }
}
