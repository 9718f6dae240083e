package leat.stream.search;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.contract.FieldType;

/// Where in an event values stand that search wants written differently: instants and days, which a
/// contract may encode in many ways and an index in one.
sealed interface Shape {

    /// An object or a list of objects; other fields are copied as they are.
    record Fields(Map<String, Shape> byName) implements Shape {
        public Fields {
            byName = Map.copyOf(byName);
        }
    }

    /// A value, or a list of them, to be written in ISO 8601.
    record Temporal(FieldType type) implements Shape {}

    static Fields of(List<Field> fields) {
        Map<String, Shape> byName = new HashMap<>();
        for (Field field : fields) {
            of(field.type()).ifPresent(shape -> byName.put(field.name(), shape));
        }
        return new Fields(byName);
    }

    private static Optional<Shape> of(FieldType type) {
        return switch (type) {
            case FieldType.Timestamp _, FieldType.Date _ -> Optional.of(new Temporal(type));
            case FieldType.Array array -> of(array.items());
            case FieldType.Struct struct -> Optional.of(of(struct.fields()));
            case FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Time _ ->
                    Optional.empty();
        };
    }
}
