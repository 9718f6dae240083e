package leat.stream.send;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Pattern;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// What a cell's text becomes in JSON, by the type of the contract's field. Text that is no such
/// value becomes a JSON string: the platform then refuses the event and says why, and nothing is
/// dropped here.
enum CellKind {
    TEXT {
        @Override
        void write(String cell, RowJson json) {
            json.string(cell);
        }
    },
    NUMBER {
        @Override
        void write(String cell, RowJson json) {
            String text = cell.strip();
            if (isJsonNumber(text)) {
                json.raw(text);
            } else if (OTHER_NUMBER.matcher(text).matches()) {
                json.raw(new BigDecimal(text).toString());
            } else {
                json.string(cell);
            }
        }
    },
    BOOLEAN {
        @Override
        void write(String cell, RowJson json) {
            switch (cell.strip().toLowerCase(Locale.ROOT)) {
                case "true", "t", "1" -> json.raw("true");
                case "false", "f", "0" -> json.raw("false");
                default -> json.string(cell);
            }
        }
    },
    /// An object or array, written as JSON in its cell.
    NESTED {
        @Override
        void write(String cell, RowJson json) {
            if (isObjectOrArray(cell)) {
                json.raw(cell.strip().replace('\n', ' ').replace('\r', ' '));
            } else {
                json.string(cell);
            }
        }
    };

    /// `+1`, `007`, `.5`, `5.`: numbers everywhere but in JSON.
    private static final Pattern OTHER_NUMBER =
            Pattern.compile("[+-]?(\\d{1,99}\\.?\\d{0,99}|\\.\\d{1,99})([eE][+-]?\\d{1,3})?");

    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /// Writes a cell that is not empty.
    abstract void write(String cell, RowJson json);

    static CellKind of(FieldType type) {
        return switch (type) {
            case FieldType.Text ignored -> TEXT;
            case FieldType.Int ignored -> NUMBER;
            case FieldType.Real ignored -> NUMBER;
            case FieldType.Decimal ignored -> NUMBER;
            case FieldType.Bool ignored -> BOOLEAN;
            case FieldType.Date ignored -> TEXT;
            case FieldType.Time ignored -> TEXT;
            case FieldType.Timestamp timestamp ->
                    switch (timestamp.encoding()) {
                        case TimestampEncoding.Formatted ignored -> TEXT;
                        case TimestampEncoding.Epoch ignored -> NUMBER;
                    };
            case FieldType.Struct ignored -> NESTED;
            case FieldType.Array ignored -> NESTED;
        };
    }

    /// RFC 8259's `-? int frac? exp?`, by hand: most cells of most files come through here.
    static boolean isJsonNumber(String text) {
        int at = text.startsWith("-") ? 1 : 0;
        int whole = digits(text, at);
        if (whole == 0 || (whole > 1 && text.charAt(at) == '0')) {
            return false;
        }
        at += whole;
        if (at < text.length() && text.charAt(at) == '.') {
            int fraction = digits(text, at + 1);
            if (fraction == 0) {
                return false;
            }
            at += 1 + fraction;
        }
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int exponent = digits(text, at);
            if (exponent == 0) {
                return false;
            }
            at += exponent;
        }
        return at == text.length();
    }

    private static int digits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at - from;
    }

    private static boolean isObjectOrArray(String cell) {
        String text = cell.strip();
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return false;
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            // not JSON: sent as text, and refused with its reason by the platform
            return false;
        }
    }
}
