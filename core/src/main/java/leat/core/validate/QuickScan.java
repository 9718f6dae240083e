package leat.core.validate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import org.jspecify.annotations.Nullable;

/// Goes through an event as most are without a parser, which costs less than half: fields of the
/// contract about in its order, names and wanted texts without escapes, wanted numbers plain. It
/// says yes to nothing that a parser would refuse, and leaves whatever else it meets, faults above
/// all, to the parser.
///
/// The grammar is RFC 8259's. The bytes have to be sound UTF-8.
final class QuickScan {

    private static final int MAX_DIGITS = 18;
    private static final int MAX_NUMBER_CHARS = 1000;

    /// Fields are looked for so far from where the contract's order has them.
    private static final int MAX_STRAY = 16;

    /// One object of the contract as it is looked for.
    static final class Shape {
        private final List<Field> fields;
        private final byte[][] names;
        private final int[] slots;
        private final @Nullable Shape[] children;

        /// Whether a name cannot stand in JSON as it is; then a parser reads all of them.
        private final boolean needsEscape;

        /// @param slots which text each field gives, -1 for none
        /// @param children the fields' own shapes
        Shape(List<Field> fields, int[] slots, @Nullable Shape[] children) {
            this.fields = fields;
            this.names = new byte[fields.size()][];
            boolean special = false;
            for (int i = 0; i < names.length; i++) {
                names[i] = fields.get(i).name().getBytes(StandardCharsets.UTF_8);
                special |=
                        fields.get(i)
                                .name()
                                .chars()
                                .anyMatch(c -> c < ' ' || c == '\\' || c == '"');
            }
            this.needsEscape = special;
            this.slots = slots;
            this.children = children;
        }

        /// The field of that name, looked for from where the order has it; -1 when not near.
        private int find(byte[] bytes, int from, int to, int expected) {
            int count = names.length;
            for (int tried = 0; tried < Math.min(count, MAX_STRAY); tried++) {
                int field = (expected + tried) % count;
                byte[] name = names[field];
                if (name.length == to - from
                        && Arrays.equals(name, 0, name.length, bytes, from, to)) {
                    return field;
                }
            }
            return -1;
        }
    }

    private final byte[] bytes;
    private final int end;
    private final @Nullable String[] texts;
    private int at;

    private QuickScan(byte[] bytes, int offset, int length, @Nullable String[] texts) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
        this.texts = texts;
    }

    /// Whether the bytes are one sound object, as far as can be told here; then `texts` has what
    /// the slots ask for. Otherwise a parser has to look.
    static boolean reads(
            Shape root, byte[] bytes, int offset, int length, @Nullable String[] texts) {
        QuickScan scan = new QuickScan(bytes, offset, length, texts);
        scan.skipSpace();
        if (!scan.take('{') || !scan.object(root, 1)) {
            return false;
        }
        scan.skipSpace();
        return scan.at == scan.end;
    }

    private boolean object(Shape shape, int depth) {
        if (depth > Json.MAX_DEPTH || shape.needsEscape) {
            return false;
        }
        skipSpace();
        if (take('}')) {
            return true;
        }
        SeenFields seen = new SeenFields(shape.names.length);
        int expected = 0;
        do {
            skipSpace();
            int field = name(shape, expected);
            if (field < 0 || !seen.add(field)) {
                return false;
            }
            expected = field + 1;
            skipSpace();
            if (!take(':')) {
                return false;
            }
            skipSpace();
            if (!member(shape, field, depth)) {
                return false;
            }
            skipSpace();
        } while (take(','));
        return take('}');
    }

    /// Passes a name, and says which field's it is; -1 when that cannot be told.
    private int name(Shape shape, int expected) {
        if (expected < shape.names.length && isNext(shape.names[expected])) {
            at += shape.names[expected].length + 2;
            return expected;
        }
        int from = at + 1;
        return plainString() ? shape.find(bytes, from, at - 1, expected) : -1;
    }

    private boolean isNext(byte[] name) {
        int to = at + 1 + name.length;
        return to < end
                && bytes[at] == '"'
                && bytes[to] == '"'
                && Arrays.equals(bytes, at + 1, to, name, 0, name.length);
    }

    private boolean member(Shape shape, int field, int depth) {
        if (at == end) {
            return false;
        }
        Shape child = shape.children[field];
        if (bytes[at] == '{') {
            at++;
            return child != null && object(child, depth + 1);
        }
        int slot = shape.slots[field];
        if (slot < 0 || bytes[at] == 'n') {
            return value(depth);
        }
        return switch (shape.fields.get(field).type()) {
            case FieldType.Text _ -> {
                int from = at + 1;
                yield plainString() && keep(slot, text(from));
            }
            case FieldType.Int _ -> {
                int from = at;
                yield plainInteger() && keep(slot, Long.toString(integer(from)));
            }
            case FieldType.Timestamp timestamp -> timestamp(timestamp, slot);
            case FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Struct _,
                    FieldType.Array _ ->
                    false;
        };
    }

    private boolean timestamp(FieldType.Timestamp type, int slot) {
        int from = at;
        long micros =
                switch (type.encoding()) {
                    case TimestampEncoding.Epoch epoch ->
                            plainInteger()
                                    ? TimeTexts.epochMicros(epoch, integer(from))
                                    : TimeTexts.INVALID;
                    case TimestampEncoding.Formatted formatted ->
                            plainString()
                                    ? TimeTexts.micros(
                                            formatted, type.defaultZone(), text(from + 1))
                                    : TimeTexts.INVALID;
                };
        return micros != TimeTexts.INVALID
                && micros != TimeTexts.ZONELESS
                && keep(slot, Long.toString(micros));
    }

    private boolean keep(int slot, String text) {
        texts[slot] = text;
        return true;
    }

    /// The text between a quote before `from` and the one just passed.
    private String text(int from) {
        return new String(bytes, from, at - 1 - from, StandardCharsets.UTF_8);
    }

    /// The value of the digits from `from` to here.
    private long integer(int from) {
        boolean negative = bytes[from] == '-';
        long value = 0;
        for (int i = negative ? from + 1 : from; i < at; i++) {
            value = 10 * value + bytes[i] - '0';
        }
        return negative ? -value : value;
    }

    private boolean value(int depth) {
        if (at == end) {
            return false;
        }
        return switch (bytes[at]) {
            case '"' -> string();
            case '[' -> array(depth + 1);
            case 't' -> literal("true");
            case 'f' -> literal("false");
            case 'n' -> literal("null");
            default -> number();
        };
    }

    private boolean array(int depth) {
        at++;
        if (depth > Json.MAX_DEPTH) {
            return false;
        }
        skipSpace();
        if (take(']')) {
            return true;
        }
        do {
            skipSpace();
            // Objects in arrays fall to number() and so to the parser: their names are not known.
            if (!value(depth)) {
                return false;
            }
            skipSpace();
        } while (take(','));
        return take(']');
    }

    private boolean literal(String word) {
        int size = word.length();
        if (end - at < size) {
            return false;
        }
        for (int i = 0; i < size; i++) {
            if (bytes[at + i] != word.charAt(i)) {
                return false;
            }
        }
        at += size;
        return true;
    }

    /// Passes a string, its escapes included.
    private boolean string() {
        if (!take('"')) {
            return false;
        }
        while (!closed()) {
            if (at == end || bytes[at] != '\\' || !escape()) {
                return false;
            }
        }
        return true;
    }

    /// Passes a string that has no escapes.
    private boolean plainString() {
        return take('"') && closed();
    }

    /// Passes what is within a string up to its closing quote; false at an escape, a control
    /// character or the end, which stand here then.
    private boolean closed() {
        while (at < end) {
            byte b = bytes[at];
            if (b == '"') {
                at++;
                return true;
            }
            if (b == '\\' || (b >= 0 && b < ' ')) {
                return false;
            }
            at++;
        }
        return false;
    }

    private boolean escape() {
        if (end - at < 2) {
            return false;
        }
        byte kind = bytes[at + 1];
        if (kind != 'u') {
            at += 2;
            return "\"\\/bfnrt".indexOf(kind) >= 0;
        }
        if (end - at < 6) {
            return false;
        }
        for (int i = at + 2; i < at + 6; i++) {
            if (Character.digit(bytes[i], 16) < 0) {
                return false;
            }
        }
        at += 6;
        return true;
    }

    /// Passes an integer of few digits, without fraction and exponent.
    private boolean plainInteger() {
        int from = at;
        return number() && at - from <= MAX_DIGITS && isPlain(from);
    }

    private boolean isPlain(int from) {
        for (int i = from; i < at; i++) {
            if (bytes[i] == '.' || (bytes[i] | 0x20) == 'e') {
                return false;
            }
        }
        return true;
    }

    private boolean number() {
        int from = at;
        if (at < end && bytes[at] == '-') {
            at++;
        }
        if (at < end && bytes[at] == '0') {
            at++;
        } else if (!digits()) {
            return false;
        }
        if (at < end && bytes[at] == '.') {
            at++;
            if (!digits()) {
                return false;
            }
        }
        if (at < end && (bytes[at] | 0x20) == 'e') {
            at++;
            if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
                at++;
            }
            if (!digits()) {
                return false;
            }
        }
        return at - from <= MAX_NUMBER_CHARS;
    }

    private boolean digits() {
        int from = at;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at > from;
    }

    private boolean take(char wanted) {
        if (at < end && bytes[at] == wanted) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < end && isSpace(bytes[at])) {
            at++;
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }
}
