package leat.enrichmentapi;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.validate.Row;
import leat.stream.log.StageHealth;
import leat.stream.reference.Found;
import leat.stream.reference.ReferenceUnavailable;
import leat.stream.reference.ReferenceView;
import leat.stream.reference.Seen;

/// Looks up in a reference contract. Answers have its single values; objects and lists are left
/// out, dates and times are texts in ISO 8601.
final class ReferenceLookup implements KeyLookup {

    private final ReferenceView view;
    private final List<String> fields;

    /// @param view stays the caller's
    ReferenceLookup(ReferenceView view) {
        this.view = view;
        this.fields =
                view.contract().fields().stream()
                        .filter(field -> isSingle(field.type()))
                        .map(Field::name)
                        .toList();
    }

    @Override
    public String name() {
        return view.contract().name().value();
    }

    @Override
    public String kind() {
        return "reference";
    }

    @Override
    public List<String> fields() {
        return fields;
    }

    @Override
    public Optional<String> trouble() {
        if (view.isReady()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (view.health()) {
                    case StageHealth.Stopped(String why) -> why;
                    case StageHealth.Retrying(_, String why) -> why;
                    case StageHealth.Starting _, StageHealth.Running _ -> "it is still being read";
                });
    }

    @Override
    public Answer find(String key) {
        try {
            return switch (view.find(key)) {
                case Found.Hit(Row row, Seen seen) ->
                        new Answer.Found(values(row), seen.toString());
                case Found.Miss(Seen seen) -> new Answer.Missing(seen.toString());
                case Found.Unreadable(String why, _) -> new Answer.Failed(why);
            };
        } catch (ReferenceUnavailable e) {
            return new Answer.Failed(String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, Object> values(Row row) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (int i = 0; i < row.fields().size(); i++) {
            Field field = row.fields().get(i);
            Object value = row.value(i);
            if (value != null && isSingle(field.type())) {
                values.put(field.name(), shown(value));
            }
        }
        return values;
    }

    private static Object shown(Object value) {
        return value instanceof String
                        || value instanceof Long
                        || value instanceof Double
                        || value instanceof Boolean
                        || value instanceof BigDecimal
                ? value
                : value.toString();
    }

    private static boolean isSingle(FieldType type) {
        return !(type instanceof FieldType.Struct || type instanceof FieldType.Array);
    }
}
