package leat.core.tracking.search;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// How a condition compares.
public enum Operator {
    EQUAL("="),
    NOT_EQUAL("!="),
    GREATER(">"),
    GREATER_OR_EQUAL(">="),
    LESS("<"),
    LESS_OR_EQUAL("<="),
    LIKE("LIKE"),
    ILIKE("ILIKE"),
    IN("IN"),
    NOT_IN("NOT IN");

    static final Set<Operator> OF_NUMBERS = EnumSet.range(EQUAL, LESS_OR_EQUAL);
    static final Set<Operator> OF_TEXTS = EnumSet.of(EQUAL, NOT_EQUAL, LIKE, ILIKE);
    static final Set<Operator> OF_LISTS = EnumSet.of(IN, NOT_IN);
    static final Set<Operator> OF_TEXTS_AND_LISTS =
            EnumSet.of(EQUAL, NOT_EQUAL, LIKE, ILIKE, IN, NOT_IN);

    private final String word;

    Operator(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Optional<Operator> of(String word) {
        return Arrays.stream(values())
                .filter(operator -> operator.word.equals(word.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    /// `['=', '!=']`
    static String list(Set<Operator> operators) {
        return operators.stream()
                .map(operator -> "'" + operator.word + "'")
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
