package leat.core.feature;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;

/// How strictly fields are to be kept. What is made of several is as strict as the strictest of
/// them.
public final class Classification {

    /// From the mildest; a word of another house is stricter than all of them.
    private static final List<String> WORDS =
            List.of("public", "internal", "confidential", "restricted");

    private Classification() {}

    /// The strictest of what fields say, with the objects that they are in and what is in them;
    /// empty when they say nothing.
    public static Optional<String> strictest(List<Field> fields, List<FieldPath> paths) {
        List<String> said = new ArrayList<>();
        for (FieldPath path : paths) {
            List<String> segments = path.segments();
            for (int depth = 1; depth < segments.size(); depth++) {
                new FieldPath(segments.subList(0, depth))
                        .in(fields)
                        .flatMap(Field::classification)
                        .ifPresent(said::add);
            }
            path.in(fields).ifPresent(field -> collect(field, said));
        }
        return said.stream()
                .max(
                        Comparator.comparingInt(Classification::rank)
                                .thenComparing(Comparator.naturalOrder()));
    }

    private static int rank(String word) {
        int rank = WORDS.indexOf(word);
        return rank < 0 ? WORDS.size() : rank;
    }

    private static void collect(Field field, List<String> said) {
        field.classification().ifPresent(said::add);
        FieldType type = field.type();
        while (type instanceof FieldType.Array array) {
            type = array.items();
        }
        if (type instanceof FieldType.Struct struct) {
            struct.fields().forEach(inner -> collect(inner, said));
        }
    }
}
