package leat.core.validate;

import leat.core.contract.FieldType;
import org.jspecify.annotations.Nullable;

/// Goes through an event as nearly all are without a parser, which costs half: fields of the
/// contract, no escapes, no exponents. It says yes to nothing that a parser would refuse, and
/// leaves whatever else it meets, faults above all, to the parser.
final class QuickScan {

    private final PlainScan scan;
    private final @Nullable String[] texts;

    private QuickScan(PlainScan scan, @Nullable String[] texts) {
        this.scan = scan;
        this.texts = texts;
    }

    /// Whether the bytes, which are sound UTF-8, are one sound object, as far as can be told here;
    /// then `texts` has what the slots ask for. Otherwise a parser has to look.
    static boolean reads(
            PickedFields root, byte[] bytes, int offset, int length, @Nullable String[] texts) {
        PlainScan scan = new PlainScan(bytes, offset, length);
        return new QuickScan(scan, texts).object(root, 1) && scan.atEnd();
    }

    private boolean object(PickedFields object, int depth) {
        if (depth > Json.MAX_DEPTH || !scan.pass('{')) {
            return false;
        }
        SeenFields seen = new SeenFields(object.fields.size());
        int previous = 0;
        boolean more = scan.peek() != '}';
        while (more) {
            scan.peek();
            int field = object.names.pass(scan, previous);
            if (field < 0 || !seen.add(field) || !scan.pass(':') || !member(object, field, depth)) {
                return false;
            }
            previous = field + 1;
            more = scan.pass(',');
        }
        return scan.pass('}');
    }

    private boolean member(PickedFields object, int field, int depth) {
        int first = scan.peek();
        if (first == '{') {
            PickedFields child = object.children[field];
            return child != null && object(child, depth + 1);
        }
        int slot = object.slots[field];
        if (slot < 0 || first == 'n') {
            return value(first, depth);
        }
        String text = text(object.fields.get(field).type());
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
                long micros = scan.micros(timestamp);
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
