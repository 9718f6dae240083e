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
    ///
    /// @param byName shapes by the names that events have, former ones among them
    /// @param renamed the names of today by the former ones
    record Fields(Map<String, Shape> byName, Map<String, String> renamed) implements Shape {
        public Fields {
            byName = Map.copyOf(byName);
            renamed = Map.copyOf(renamed);
        }
    }

    /// A value, or a list of them, to be written in ISO 8601.
    record Temporal(FieldType type) implements Shape {}

    static Fields of(List<Field> fields) {
        Map<String, Shape> byName = new HashMap<>();
        Map<String, String> renamed = new HashMap<>();
        for (Field field : fields) {
            field.formerName().ifPresent(former -> renamed.putIfAbsent(former, field.name()));
        }
        for (Field field : fields) {
            renamed.remove(field.name());
            of(field.type())
                    .ifPresent(shape -> {
                        byName.put(field.name(), shape);
                        field.formerName().ifPresent(former -> byName.putIfAbsent(former, shape));
                    });
        }
        return new Fields(byName, renamed);
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
