package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// What an answer says of one feature of one entity.
public sealed interface FeatureValue {

    /// Reads texts.
    JsonFactory JSON = new JsonFactory();

    record Bool(boolean value) implements FeatureValue {}

    record Int(long value) implements FeatureValue {}

    record Real(double value) implements FeatureValue {}

    record Text(String value) implements FeatureValue {}

    record Time(Instant value) implements FeatureValue {}

    /// There is none.
    ///
    /// @param of what its view says of the entity: where that is present, the view gives none
    record None(EntityStatus of) implements FeatureValue {}

    /// Reads what a vector has.
    ///
    /// @param json where the value is `json[start, end)`, and not null
    /// @throws IllegalArgumentException when it is none of that kind
    static FeatureValue read(OnlineFeature.Kind kind, byte[] json, int start, int end) {
        try {
            return switch (kind) {
                case BOOLEAN -> new Bool(Boolean.parseBoolean(ascii(json, start, end)));
                case INTEGER -> new Int(Long.parseLong(ascii(json, start, end)));
                case NUMBER -> new Real(Double.parseDouble(ascii(json, start, end)));
                case TIME -> new Time(Instant.parse(text(json, start, end)));
                case TEXT -> new Text(text(json, start, end));
            };
        } catch (NumberFormatException | DateTimeParseException e) {
            throw new IllegalArgumentException(
                    ascii(json, start, end) + " is no " + kind.name().toLowerCase(Locale.ROOT), e);
        }
    }

    private static String ascii(byte[] json, int start, int end) {
        return new String(json, start, end - start, ISO_8859_1);
    }

    private static String text(byte[] json, int start, int end) {
        if (json[start] != '"') {
            return ascii(json, start, end);
        }
        try (JsonParser parser =
                JSON.createParser(ObjectReadContext.empty(), json, start, end - start)) {
            parser.nextToken();
            return parser.getString();
        }
    }
}
