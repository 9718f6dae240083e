package leat.core.validate;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import org.jspecify.annotations.Nullable;

/// Reads what nearly all events are, several times as fast as [ValueReader]: no escapes, no
/// exponents, no fields beyond the contract, nothing at fault. Whatever is not plain is not judged
/// here: the answer is null, and the full reader takes the event from its start.
final class PlainReader {

    private final Level root;

    private PlainReader(Level root) {
        this.root = root;
    }

    /// A reader of events whose values were checked before: they only have to be of their types.
    static PlainReader ofJudged(List<Field> fields) {
        return new PlainReader(new Level(fields, false));
    }

    /// A reader of what clients sent: values have to keep the contract, and fields that the
    /// enricher adds are not known.
    static PlainReader ofRaw(List<Field> fields) {
        return new PlainReader(new Level(fields, true));
    }

    /// The row; null when the bytes are not plain, or at fault.
    @Nullable Row read(byte[] bytes, int offset, int length) {
        PlainScan scan = new PlainScan(bytes, offset, length);
        Row row = root.read(scan);
        return row != null && scan.atEnd() ? row : null;
    }

    /// The objects of one place in the contract.
    private static final class Level {
        private final List<Field> fields;
        private final PlainNames names;
        private final Value[] values;
        private final boolean[] demanded;
        private final int demands;

        /// @param raw whether values are checked and added fields are not known
        Level(List<Field> fields, boolean raw) {
            this.fields = fields;
            this.names = new PlainNames(fields, field -> !(raw && field.added()));
            this.values = new Value[fields.size()];
            this.demanded = new boolean[fields.size()];
            int count = 0;
            for (int i = 0; i < values.length; i++) {
                Field field = fields.get(i);
                values[i] = Value.of(field.type(), raw);
                demanded[i] = field.required() && !(raw && field.added());
                count += demanded[i] ? 1 : 0;
            }
            this.demands = count;
        }

        @Nullable Row read(PlainScan scan) {
            if (!scan.pass('{')) {
                return null;
            }
            @Nullable Object[] row = new @Nullable Object[values.length];
            SeenFields seen = new SeenFields(values.length);
            int missing = demands;
            int previous = 0;
            boolean more = scan.peek() != '}';
            while (more) {
                scan.peek();
                int field = names.pass(scan, previous);
                if (field < 0 || !seen.add(field) || !scan.pass(':')) {
                    return null;
                }
                previous = field + 1;
                missing -= demanded[field] ? 1 : 0;
                int first = scan.peek();
                if (first == 'n') {
                    if (demanded[field] || !scan.pass(PlainScan.NULL)) {
                        return null;
                    }
                } else {
                    Object value = values[field].read(scan, first);
                    if (value == null) {
                        return null;
                    }
                    row[field] = value;
                }
                more = scan.pass(',');
            }
            return missing == 0 && scan.pass('}') ? new Row(fields, row) : null;
        }
    }

    /// Reads one value, whose first character the scan stands on; null when it is not plain.
    @FunctionalInterface
    interface Value {

        @Nullable Object read(PlainScan scan, int first);

        static Value of(FieldType type, boolean raw) {
            Value typed = typed(type, raw);
            if (!raw) {
                return typed;
            }
            return switch (type) {
                case FieldType.Struct _ -> typed;
                case FieldType.Array array -> (scan, first) -> kept(array, typed.read(scan, first));
                case FieldType.Text _,
                        FieldType.Int _,
                        FieldType.Real _,
                        FieldType.Decimal _,
                        FieldType.Bool _,
                        FieldType.Date _,
                        FieldType.Time _,
                        FieldType.Timestamp _ -> {
                    ValueCheck check = ValueCheck.of(type);
                    yield (scan, first) -> {
                        Object value = typed.read(scan, first);
                        return value == null || check.check(value) != null ? null : value;
                    };
                }
            };
        }

        private static @Nullable Object kept(FieldType.Array type, @Nullable Object items) {
            return items instanceof List<?> list
                            && type.size().contains(list.size())
                            && !(type.unique() && new HashSet<>(list).size() < list.size())
                    ? items
                    : null;
        }

        private static Value typed(FieldType type, boolean raw) {
            return switch (type) {
                case FieldType.Text _ -> (scan, _) -> scan.text();
                case FieldType.Int _ ->
                        (scan, _) ->
                                scan.number() && scan.small() && scan.scale() == 0
                                        ? (Long) scan.unscaled()
                                        : null;
                case FieldType.Real _ -> (scan, _) -> scan.number() ? (Double) scan.real() : null;
                case FieldType.Decimal decimal ->
                        (scan, _) -> scan.number() ? Reading.fit(decimal, scan.decimal()) : null;
                case FieldType.Bool _ ->
                        (scan, first) ->
                                first == 't'
                                        ? scan.pass(PlainScan.TRUE) ? (Object) true : null
                                        : scan.pass(PlainScan.FALSE) ? (Object) false : null;
                case FieldType.Date _, FieldType.Time _ -> (scan, _) -> day(type, scan.text());
                case FieldType.Timestamp timestamp -> (scan, _) -> instant(scan.micros(timestamp));
                case FieldType.Struct struct -> struct(new Level(struct.fields(), raw));
                case FieldType.Array array -> array(of(array.items(), raw));
            };
        }

        private static @Nullable Object day(FieldType type, @Nullable String text) {
            try {
                return text == null ? null : ValueTexts.parse(type, text);
            } catch (IllegalArgumentException _) {
                return null;
            }
        }

        private static @Nullable Object instant(long micros) {
            return micros == TimeTexts.INVALID || micros == TimeTexts.ZONELESS
                    ? null
                    : TimeTexts.instant(micros);
        }

        private static Value struct(Level level) {
            return (scan, _) -> level.read(scan);
        }

        private static Value array(Value items) {
            return (scan, _) -> {
                if (!scan.pass('[')) {
                    return null;
                }
                List<Object> values = new ArrayList<>();
                boolean more = scan.peek() != ']';
                while (more) {
                    Object item = items.read(scan, scan.peek());
                    if (item == null) {
                        return null;
                    }
                    values.add(item);
                    more = scan.pass(',');
                }
                return scan.pass(']') ? List.copyOf(values) : null;
            };
        }
    }
}
