package leat.core.validate;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonParser.NumberType;
import tools.jackson.core.JsonToken;

/// The one text of a value, whatever way it was written: what keys and ids are made of. Texts as
/// they are, integers and decimals as plain digits, timestamps as microseconds since 1970, dates
/// and times as ISO 8601.
public final class CanonicalText {

    private CanonicalText() {}

    /// The text of a value of a row.
    ///
    /// @throws IllegalArgumentException for objects, lists and floating-point numbers, which have
    ///   no single text
    public static String of(Object value) {
        return switch (value) {
            case String text -> text;
            case BigDecimal decimal -> decimal.toPlainString();
            case Instant time -> Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, time));
            case Long _, Boolean _, LocalDate _, LocalTime _ -> value.toString();
            default -> throw new IllegalArgumentException(value + " has no single text");
        };
    }

    /// The text of the current scalar token; null when it is not of the type.
    static @Nullable String of(FieldType type, JsonToken token, JsonParser parser) {
        return switch (type) {
            case FieldType.Text _ -> token == JsonToken.VALUE_STRING ? text(parser) : null;
            case FieldType.Int _ -> {
                Long value = token.isNumeric() ? whole(token, parser) : null;
                yield value == null ? null : Long.toString(value);
            }
            case FieldType.Decimal decimal -> {
                BigDecimal value =
                        token.isNumeric() ? Reading.fit(decimal, Reading.decimal(parser)) : null;
                yield value == null ? null : value.toPlainString();
            }
            case FieldType.Bool _ -> token.isBoolean() ? token.asString() : null;
            case FieldType.Date date ->
                    parsed(
                            token,
                            parser,
                            text -> TimeTexts.date(date.pattern(), date.format(), text));
            case FieldType.Time time ->
                    parsed(
                            token,
                            parser,
                            text -> TimeTexts.time(time.pattern(), time.format(), text));
            case FieldType.Timestamp timestamp -> {
                long micros = micros(timestamp, token, parser);
                yield micros == TimeTexts.INVALID || micros == TimeTexts.ZONELESS
                        ? null
                        : Long.toString(micros);
            }
            case FieldType.Real _, FieldType.Struct _, FieldType.Array _ -> null;
        };
    }

    private static @Nullable String text(JsonParser parser) {
        String text = parser.getString();
        return ValueCheck.TextCheck.codePoints(text) < 0 ? null : text;
    }

    private interface TextParser {
        Object parse(String text);
    }

    private static @Nullable String parsed(JsonToken token, JsonParser parser, TextParser text) {
        if (token != JsonToken.VALUE_STRING) {
            return null;
        }
        try {
            return text.parse(parser.getString()).toString();
        } catch (IllegalArgumentException _) {
            return null;
        }
    }

    /// The current number as a 64-bit integer; null when it is none.
    static @Nullable Long whole(JsonToken token, JsonParser parser) {
        return token == JsonToken.VALUE_NUMBER_INT
                        && parser.getNumberType() != NumberType.BIG_INTEGER
                ? (Long) parser.getLongValue()
                : Reading.whole(Reading.decimal(parser));
    }

    /// The current token as microseconds, or one of the marks of [TimeTexts].
    static long micros(FieldType.Timestamp type, JsonToken token, JsonParser parser) {
        return switch (type.encoding()) {
            case TimestampEncoding.Epoch epoch -> {
                if (!token.isNumeric()) {
                    yield TimeTexts.INVALID;
                }
                yield token == JsonToken.VALUE_NUMBER_INT
                                && parser.getNumberType() != NumberType.BIG_INTEGER
                        ? TimeTexts.epochMicros(epoch, parser.getLongValue())
                        : TimeTexts.epochMicros(epoch, Reading.decimal(parser));
            }
            case TimestampEncoding.Formatted formatted ->
                    token == JsonToken.VALUE_STRING
                            ? TimeTexts.micros(formatted, type.defaultZone(), parser.getString())
                            : TimeTexts.INVALID;
        };
    }
}
