package leat.core.contract;

import java.util.List;
import java.util.Optional;

/// The way from an event's root to one of its fields, written with dots: `car.id`.
public record FieldPath(List<String> segments) {

    /// @throws IllegalArgumentException when there is no segment, or an empty one
    public FieldPath {
        segments = List.copyOf(segments);
        if (segments.isEmpty() || segments.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("a field path needs non-empty segments");
        }
    }

    public static FieldPath parse(String dotted) {
        return new FieldPath(List.of(dotted.split("\\.", -1)));
    }

    /// The field at the end of the way from `fields`; empty when it leads nowhere.
    public Optional<Field> in(List<Field> fields) {
        List<Field> level = fields;
        Optional<Field> found = Optional.empty();
        for (String segment : segments) {
            found = level.stream().filter(field -> field.name().equals(segment)).findFirst();
            level =
                    found.isPresent() && found.get().type() instanceof FieldType.Struct struct
                            ? struct.fields()
                            : List.of();
        }
        return found;
    }

    @Override
    public String toString() {
        return String.join(".", segments);
    }
}
