package leat.core.enrich;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leat.core.contract.Field;
import leat.core.validate.Row;
import org.jspecify.annotations.Nullable;

/// A row as expressions see it: absent fields have no key; decimals are doubles, dates and times of
/// day texts in ISO 8601.
final class RowMap extends AbstractMap<String, Object> {

    private final Row row;

    RowMap(Row row) {
        this.row = row;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return key instanceof String name && row.value(name) != null;
    }

    @Override
    public @Nullable Object get(@Nullable Object key) {
        Object value = key instanceof String name ? row.value(name) : null;
        return value == null ? null : seen(value);
    }

    private static Object seen(Object value) {
        return switch (value) {
            case Row inner -> new RowMap(inner);
            case BigDecimal decimal -> decimal.doubleValue();
            case LocalDate date -> date.toString();
            case LocalTime time -> time.toString();
            case List<?> list -> list.stream().map(RowMap::seen).toList();
            case Object other -> other;
        };
    }

    @Override
    public Set<Map.Entry<String, Object>> entrySet() {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Field field : row.fields()) {
            Object value = row.value(field.name());
            if (value != null) {
                all.put(field.name(), seen(value));
            }
        }
        return all.entrySet();
    }
}
