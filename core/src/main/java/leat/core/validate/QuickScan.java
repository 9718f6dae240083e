package leat.core.validate;

import java.util.List;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import org.jspecify.annotations.Nullable;

/// Goes through an event as nearly all are without a parser, which costs half: fields of the
/// contract about in its order, no escapes, no exponents. It says yes to nothing that a parser
/// would refuse, and leaves whatever else it meets, faults above all, to the parser.
final class QuickScan {

    /// Fields are looked for so far from where the contract's order has them.
    private static final int MAX_STRAY = 16;

    private final PlainScan scan;
    private final @Nullable String[] texts;

    private QuickScan(PlainScan scan, @Nullable String[] texts) {
        this.scan = scan;
        this.texts = texts;
    }

    /// Whether the bytes, which are sound UTF-8, are one sound object, as far as can be told here;
    /// then `texts` has what the slots ask for. Otherwise a parser has to look.
    static boolean reads(
            Shape root, byte[] bytes, int offset, int length, @Nullable String[] texts) {
        PlainScan scan = new PlainScan(bytes, offset, length);
        return new QuickScan(scan, texts).object(root, 1) && scan.atEnd();
    }

    /// One object of the contract as it is looked for.
    static final class Shape {
        private final List<Field> fields;
        private final byte[][] names;
        private final int[] slots;
        private final @Nullable Shape[] children;

        /// @param slots which text each field gives, -1 for none
        /// @param children the fields' own shapes
        Shape(List<Field> fields, int[] slots, @Nullable Shape[] children) {
            this.fields = fields;
            this.names = new byte[fields.size()][];
            for (int i = 0; i < names.length; i++) {
                names[i] = PlainScan.quoted(fields.get(i).name());
            }
            this.slots = slots;
            this.children = children;
        }

        /// Passes a field's name, looked for from where the order has it; -1 when it is not near.
        private int pass(PlainScan scan, int expected) {
            int count = names.length;
            for (int stray = 0; stray < Math.min(count, MAX_STRAY); stray++) {
                int field = (expected + stray) % count;
                if (scan.pass(names[field])) {
                    return field;
                }
            }
            return -1;
        }
    }

    private boolean object(Shape shape, int depth) {
        if (depth > Json.MAX_DEPTH || !scan.pass('{')) {
            return false;
        }
        SeenFields seen = new SeenFields(shape.names.length);
        int expected = 0;
        boolean more = scan.peek() != '}';
        while (more) {
            scan.peek();
            int field = shape.pass(scan, expected);
            if (field < 0 || !seen.add(field) || !scan.pass(':') || !member(shape, field, depth)) {
                return false;
            }
            expected = field + 1;
            more = scan.pass(',');
        }
        return scan.pass('}');
    }

    private boolean member(Shape shape, int field, int depth) {
        int first = scan.peek();
        if (first == '{') {
            Shape child = shape.children[field];
            return child != null && object(child, depth + 1);
        }
        int slot = shape.slots[field];
        if (slot < 0 || first == 'n') {
            return value(first, depth);
        }
        String text = text(shape.fields.get(field).type());
        texts[slot] = text;
        return text != null;
    }

    /// The canonical text of the next value; null where it takes a parser to know.
    private @Nullable String text(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> scan.text();
            case FieldType.Int _ ->
                    scan.number() && scan.small() && scan.scale() == 0
                            ? Long.toString(scan.unscaled())
                            : null;
            case FieldType.Timestamp timestamp -> {
                long micros = micros(timestamp);
                yield micros == TimeTexts.INVALID || micros == TimeTexts.ZONELESS
                        ? null
                        : Long.toString(micros);
            }
            case FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Struct _,
                    FieldType.Array _ ->
                    null;
        };
    }

    private long micros(FieldType.Timestamp type) {
        return switch (type.encoding()) {
            case TimestampEncoding.Epoch epoch ->
                    scan.number() && scan.small()
                            ? TimeTexts.epochMicros(epoch, scan.unscaled(), scan.scale())
                            : TimeTexts.INVALID;
            case TimestampEncoding.Formatted formatted -> {
                String text = scan.text();
                yield text == null
                        ? TimeTexts.INVALID
                        : TimeTexts.micros(formatted, type.defaultZone(), text);
            }
        };
    }

    /// Passes a value that nobody asks for. Objects in arrays are left to the parser: the names in
    /// them are not known.
    private boolean value(int first, int depth) {
        return switch (first) {
            case '"' -> scan.passText();
            case '[' -> array(depth + 1);
            case 't' -> scan.pass(PlainScan.TRUE);
            case 'f' -> scan.pass(PlainScan.FALSE);
            case 'n' -> scan.pass(PlainScan.NULL);
            default -> scan.number();
        };
    }

    private boolean array(int depth) {
        if (depth > Json.MAX_DEPTH || !scan.pass('[')) {
            return false;
        }
        boolean more = scan.peek() != ']';
        while (more) {
            if (!value(scan.peek(), depth)) {
                return false;
            }
            more = scan.pass(',');
        }
        return scan.pass(']');
    }
}
