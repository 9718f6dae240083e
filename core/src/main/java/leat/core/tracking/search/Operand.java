package leat.core.tracking.search;

import java.util.Set;

/// What a condition compares with.
public sealed interface Operand {

    record Numeral(double number) implements Operand {}

    record Text(String text) implements Operand {}

    record Texts(Set<String> texts) implements Operand {
        public Texts {
            texts = Set.copyOf(texts);
        }
    }
}
