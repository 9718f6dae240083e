package leat.core.validate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.outcome.ReasonCode;
import leat.core.yaml.NearestName;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;
import tools.jackson.core.sym.PropertyNameMatcher;

/// Reads one value of a compiled contract. The parser stands on the value's first token before and
/// on its last one after.
sealed interface ValueReader {

    /// What becomes of fields that are not the client's to send.
    ///
    /// @param refuseUnknown whether a field that the contract does not name is a fault
    /// @param refuseAdded whether a field that the enricher adds is one
    /// @param strictUnknown whether unknown fields have to be sound JSON without duplicate keys
    /// @param judged whether values were checked before, maybe by an earlier version: they only
    ///   have to be of their types, and fields may have their former names
    record Rules(
            boolean refuseUnknown, boolean refuseAdded, boolean strictUnknown, boolean judged) {

        ValueCheck check(FieldType type) {
            return judged ? ValueCheck.ofJudged(type) : ValueCheck.of(type);
        }
    }

    /// The typed value; null when it is at fault, and then the pass knows why.
    @Nullable Object read(Pass pass, JsonToken token);

    static ValueReader of(FieldType type, Rules rules) {
        return switch (type) {
            case FieldType.Text text -> new TextReader(rules.check(text));
            case FieldType.Int integer -> new IntReader(rules.check(integer));
            case FieldType.Real real -> new RealReader(rules.check(real));
            case FieldType.Decimal decimal -> new DecimalReader(decimal, rules.check(decimal));
            case FieldType.Bool _ -> new BoolReader();
            case FieldType.Date date -> new DayReader(date, rules.check(date));
            case FieldType.Time time -> new DayReader(time, rules.check(time));
            case FieldType.Timestamp timestamp ->
                    new TimestampReader(timestamp, rules.check(timestamp));
            case FieldType.Struct struct -> ObjectReader.of(struct.fields(), rules);
            case FieldType.Array array ->
                    new ArrayReader(array, of(array.items(), rules), rules.judged());
        };
    }

    private static @Nullable Object wrongType(Pass pass, JsonToken token, String wanted) {
        pass.fault(ReasonCode.TYPE, "is " + Json.noun(token) + ", the contract says " + wanted);
        pass.skip();
        return null;
    }

    private static @Nullable Object checked(Pass pass, ValueCheck check, Object value) {
        Fault fault = check.check(value);
        if (fault == null) {
            return value;
        }
        pass.fault(fault);
        return null;
    }

    /// Strings.
    record TextReader(ValueCheck check) implements ValueReader {
        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            return token == JsonToken.VALUE_STRING
                    ? checked(pass, check, pass.parser.getString())
                    : wrongType(pass, token, "a string");
        }
    }

    /// 64-bit integers, `1.0` and `1e3` among them.
    record IntReader(ValueCheck check) implements ValueReader {
        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            if (!token.isNumeric()) {
                return wrongType(pass, token, "an integer");
            }
            Long value = CanonicalText.whole(token, pass.parser);
            if (value == null) {
                pass.fault(ReasonCode.TYPE, pass.parser.getString() + " is not a 64-bit integer");
                return null;
            }
            return checked(pass, check, value);
        }
    }

    /// Doubles.
    record RealReader(ValueCheck check) implements ValueReader {
        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            if (!token.isNumeric()) {
                return wrongType(pass, token, "a number");
            }
            double value = pass.parser.getDoubleValue();
            if (Double.isInfinite(value)) {
                pass.fault(ReasonCode.RANGE, "is beyond the double range");
                return null;
            }
            return checked(pass, check, value);
        }
    }

    /// Exact decimals.
    record DecimalReader(FieldType.Decimal type, ValueCheck check) implements ValueReader {
        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            if (!token.isNumeric()) {
                return wrongType(pass, token, "a number");
            }
            BigDecimal value = Reading.fit(type, Reading.decimal(pass.parser));
            if (value == null) {
                pass.fault(
                        ReasonCode.RANGE,
                        pass.parser.getString() + " does not fit " + Reading.noun(type));
                return null;
            }
            return checked(pass, check, value);
        }
    }

    /// Booleans.
    record BoolReader() implements ValueReader {
        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            return token.isBoolean()
                    ? (Object) (token == JsonToken.VALUE_TRUE)
                    : wrongType(pass, token, "a boolean");
        }
    }

    /// Dates and times of day.
    record DayReader(FieldType type, ValueCheck check) implements ValueReader {
        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            if (token != JsonToken.VALUE_STRING) {
                return wrongType(pass, token, Reading.noun(type) + " as a string");
            }
            try {
                return checked(pass, check, ValueTexts.parse(type, pass.parser.getString()));
            } catch (IllegalArgumentException e) {
                pass.fault(ReasonCode.FORMAT, String.valueOf(e.getMessage()));
                return null;
            }
        }
    }

    /// Timestamps.
    record TimestampReader(FieldType.Timestamp type, ValueCheck check) implements ValueReader {
        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            boolean number = type.encoding() instanceof FieldType.TimestampEncoding.Epoch;
            if (number ? !token.isNumeric() : token != JsonToken.VALUE_STRING) {
                return wrongType(pass, token, Reading.noun(type) + (number ? "" : " as a string"));
            }
            long micros = CanonicalText.micros(type, token, pass.parser);
            if (micros == TimeTexts.ZONELESS) {
                pass.fault(
                        ReasonCode.TIME_ZONE,
                        "'"
                                + pass.parser.getString()
                                + "' has no time zone; add Z or an offset such as +01:00");
                return null;
            }
            if (micros == TimeTexts.INVALID) {
                pass.fault(
                        number ? ReasonCode.RANGE : ReasonCode.FORMAT,
                        "'" + pass.parser.getString() + "' is not a timestamp" + example());
                return null;
            }
            return checked(pass, check, TimeTexts.instant(micros));
        }

        private String example() {
            return switch (type.encoding()) {
                case FieldType.TimestampEncoding.Epoch _ -> " in the years 0 to 9999";
                case FieldType.TimestampEncoding.Formatted formatted ->
                        formatted.pattern().equals(FieldType.ISO)
                                ? ", write e.g. 2026-11-21T01:02:03.456Z"
                                : " of the form " + formatted.pattern();
            };
        }
    }

    /// Arrays.
    record ArrayReader(FieldType.Array type, ValueReader items, boolean judged)
            implements ValueReader {
        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            if (token != JsonToken.START_ARRAY) {
                return wrongType(pass, token, "an array");
            }
            int faultsBefore = pass.reasons().size();
            List<Object> values = new ArrayList<>();
            int count = 0;
            pass.enter();
            for (JsonToken item = pass.parser.nextToken();
                    item != JsonToken.END_ARRAY;
                    item = pass.parser.nextToken()) {
                pass.at(count++);
                if (item == JsonToken.VALUE_NULL) {
                    pass.fault(ReasonCode.NULL, "is null, an item has to have a value");
                    continue;
                }
                Object value = items.read(pass, item);
                if (value != null) {
                    values.add(value);
                }
            }
            pass.leave();
            if (!judged && !type.size().contains(count)) {
                Range<Integer> size = type.size();
                pass.fault(ReasonCode.LENGTH, count + " items, the contract says " + size);
            }
            if (!judged && type.unique()) {
                unique(pass, values);
            }
            return pass.reasons().size() == faultsBefore ? List.copyOf(values) : null;
        }

        private static void unique(Pass pass, List<Object> values) {
            Set<Object> seen = new HashSet<>();
            for (Object value : values) {
                if (!seen.add(value)) {
                    pass.fault(ReasonCode.UNIQUE_ITEMS, "holds " + value + " more than once");
                    return;
                }
            }
        }
    }

    /// Objects.
    final class ObjectReader implements ValueReader {
        private static final int MAX_SUGGESTED_CHARS = 60;

        private final List<Field> fields;
        private final PropertyNameMatcher names;
        private final String[] fieldNames;
        private final ValueReader[] readers;
        private final boolean[] required;
        private final boolean[] refused;
        private final Map<String, Integer> formerNames;
        private final Rules rules;

        private ObjectReader(List<Field> fields, Rules rules) {
            int count = fields.size();
            this.fields = fields;
            this.rules = rules;
            this.names = Json.matcher(fields);
            this.fieldNames = new String[count];
            this.readers = new ValueReader[count];
            this.required = new boolean[count];
            this.refused = new boolean[count];
            for (int i = 0; i < count; i++) {
                Field field = fields.get(i);
                fieldNames[i] = field.name();
                readers[i] = ValueReader.of(field.type(), rules);
                refused[i] = field.added() && rules.refuseAdded();
                required[i] = field.required() && !refused[i];
            }
            this.formerNames = rules.judged() ? formerNames(fields) : Map.of();
        }

        /// The fields by what they were called before; a name that a field has now is that field's.
        private static Map<String, Integer> formerNames(List<Field> fields) {
            Map<String, Integer> former = new HashMap<>();
            for (int i = 0; i < fields.size(); i++) {
                int index = i;
                fields.get(i).formerName().ifPresent(name -> former.putIfAbsent(name, index));
            }
            fields.forEach(field -> former.remove(field.name()));
            return Map.copyOf(former);
        }

        static ObjectReader of(List<Field> fields, Rules rules) {
            return new ObjectReader(fields, rules);
        }

        @Override
        public @Nullable Object read(Pass pass, JsonToken token) {
            return token == JsonToken.START_OBJECT
                    ? object(pass)
                    : wrongType(pass, token, "an object");
        }

        Row object(Pass pass) {
            @Nullable Object[] values = new Object[readers.length];
            SeenFields seen = new SeenFields(readers.length);
            int scope = 0;
            pass.enter();
            for (int field = pass.parser.nextNameMatch(names);
                    field != PropertyNameMatcher.MATCH_END_OBJECT;
                    field = pass.parser.nextNameMatch(names)) {
                if (field >= 0) {
                    JsonToken token = pass.parser.nextToken();
                    pass.at(fieldNames[field]);
                    values[field] = known(pass, field, token, seen.add(field));
                } else if (!former(pass, seen, values)) {
                    scope = unknown(pass, scope);
                }
            }
            for (int i = 0; i < required.length; i++) {
                if (required[i] && !seen.contains(i) && values[i] == null) {
                    pass.at(fieldNames[i]);
                    pass.fault(ReasonCode.MISSING, "is missing, the contract requires it");
                }
            }
            pass.leave();
            return new Row(fields, values);
        }

        /// Reads a field under its former name, which an event of an earlier minor version has. A
        /// value under the name of today, before or after, goes first.
        private boolean former(Pass pass, SeenFields seen, @Nullable Object[] values) {
            Integer field =
                    formerNames.isEmpty() ? null : formerNames.get(pass.parser.currentName());
            if (field == null || seen.contains(field)) {
                return false;
            }
            JsonToken token = pass.parser.nextToken();
            if (token != JsonToken.VALUE_NULL) {
                pass.at(fieldNames[field]);
                values[field] = readers[field].read(pass, token);
            }
            return true;
        }

        private @Nullable Object known(Pass pass, int field, JsonToken token, boolean first) {
            if (!first) {
                pass.fault(ReasonCode.DUPLICATE_KEY, "stands twice in one object");
                pass.skip();
                return null;
            }
            if (refused[field]) {
                pass.fault(ReasonCode.ADDED_FIELD, "is added by the enricher and cannot be sent");
                pass.skip();
                return null;
            }
            if (token == JsonToken.VALUE_NULL) {
                if (required[field]) {
                    pass.fault(ReasonCode.NULL, "is null, the contract requires a value");
                }
                return null;
            }
            return readers[field].read(pass, token);
        }

        /// Returns the number of the object among those whose unknown names are remembered.
        private int unknown(Pass pass, int scope) {
            String name = pass.parser.currentName();
            int own = scope;
            pass.parser.nextToken();
            if (!rules.strictUnknown()) {
                pass.parser.skipChildren();
                return own;
            }
            pass.sawUnknown();
            pass.at(name);
            own = own == 0 ? pass.skipper.names().newScope() : own;
            if (!pass.skipper.names().add(own, name)) {
                pass.fault(ReasonCode.DUPLICATE_KEY, "stands twice in one object");
            } else if (rules.refuseUnknown()) {
                pass.fault(ReasonCode.UNKNOWN_FIELD, "is not in the contract" + hint(pass, name));
            }
            pass.skip();
            return own;
        }

        private String hint(Pass pass, String name) {
            if (!pass.maySuggest() || name.length() > MAX_SUGGESTED_CHARS) {
                return "";
            }
            return NearestName.of(name, List.of(fieldNames))
                    .map(nearest -> "; did you mean '" + nearest + "'?")
                    .orElse("");
        }
    }
}
