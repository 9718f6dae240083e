package leat.core.contract;

import java.util.List;

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

    @Override
    public String toString() {
        return String.join(".", segments);
    }
}
