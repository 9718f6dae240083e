package leat.core.validate;

import java.util.List;
import java.util.function.Supplier;
import leat.core.contract.Field;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.Named;

/// How Leat reads JSON: strict UTF-8 without a byte order mark, at most [#MAX_DEPTH] levels, names
/// of at most 50,000 and numbers of at most 1,000 characters.
final class Json {

    static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
                    .enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
                    .disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH * 2)
                                    .maxNumberLength(1000)
                                    .maxStringLength(Integer.MAX_VALUE)
                                    .build())
                    .build();

    /// Ends the reading of an event that cannot be read on.
    static final class Unreadable extends RuntimeException {
        private final transient Reason reason;

        Unreadable(ReasonCode code, String field, String message) {
            super(message, null, false, false);
            this.reason = new Reason(code, field, message);
        }

        Reason reason() {
            return reason;
        }
    }

    private Json() {}

    static JsonParser parser(byte[] bytes, int offset, int length) {
        return FACTORY.createParser(ObjectReadContext.empty(), bytes, offset, length);
    }

    static PropertyNameMatcher matcher(List<Field> fields) {
        return FACTORY.constructNameMatcher(
                fields.stream().map(field -> Named.fromString(field.name())).toList(), false);
    }

    /// Runs a reading; what makes the bytes unreadable comes back as a reason, null when all went
    /// well.
    static @Nullable Reason reading(byte[] bytes, int offset, int length, Runnable reading) {
        if (!Utf8.valid(bytes, offset, length)) {
            return new Reason(ReasonCode.MALFORMED, "", "is not UTF-8");
        }
        if (length >= 3 && bytes[offset] == (byte) 0xEF && bytes[offset + 1] == (byte) 0xBB) {
            return new Reason(ReasonCode.MALFORMED, "", "starts with a byte order mark");
        }
        try {
            reading.run();
            return null;
        } catch (Unreadable e) {
            return e.reason();
        } catch (StreamConstraintsException e) {
            return new Reason(ReasonCode.MALFORMED, "", "beyond a limit: " + ParserMessage.of(e));
        } catch (JacksonException e) {
            return new Reason(ReasonCode.MALFORMED, "", describe(e));
        }
    }

    private static String describe(JacksonException e) {
        long at = e.getLocation() == null ? -1 : e.getLocation().getByteOffset();
        return "is not valid JSON"
                + (at < 0 ? ": " : ", at byte " + at + ": ")
                + ParserMessage.of(e);
    }

    /// Moves to the root object.
    static void start(JsonParser parser) {
        JsonToken first = parser.nextToken();
        if (first == null) {
            throw new Unreadable(ReasonCode.MALFORMED, "", "is empty");
        }
        if (first != JsonToken.START_OBJECT) {
            throw new Unreadable(
                    ReasonCode.NOT_AN_OBJECT, "", "is " + noun(first) + ", an event is an object");
        }
    }

    /// Demands that nothing follows the root object.
    static void end(JsonParser parser) {
        if (parser.nextToken() != null) {
            throw new Unreadable(ReasonCode.MALFORMED, "", "more follows the object");
        }
    }

    /// What a token is called in messages.
    static String noun(@Nullable JsonToken token) {
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "an array";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case VALUE_NULL -> "null";
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                    "something else";
            case null -> "nothing";
        };
    }

    /// Reads past values that no contract describes, and still finds what is wrong with any JSON.
    static final class Skipper {
        private final JsonParser parser;
        private @Nullable NameTable names;

        Skipper(JsonParser parser) {
            this.parser = parser;
        }

        NameTable names() {
            NameTable table = names;
            if (table == null) {
                table = new NameTable();
                names = table;
            }
            return table;
        }

        /// Reads past the value whose first token is the current one.
        ///
        /// @param depth how many objects and arrays are open around it
        /// @param path says where it stands; only called when something is wrong
        void skip(int depth, Supplier<String> path) {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.START_OBJECT) {
                checkDepth(depth + 1, path);
                int scope = names().newScope();
                for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                    if (!names().add(scope, name)) {
                        throw duplicate(path.get(), name);
                    }
                    parser.nextToken();
                    skip(depth + 1, path);
                }
            } else if (token == JsonToken.START_ARRAY) {
                checkDepth(depth + 1, path);
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    skip(depth + 1, path);
                }
            }
        }

        static void checkDepth(int depth, Supplier<String> path) {
            if (depth > MAX_DEPTH) {
                throw new Unreadable(
                        ReasonCode.TOO_DEEP, path.get(), "nested deeper than " + MAX_DEPTH);
            }
        }

        static Unreadable duplicate(String parent, String name) {
            return new Unreadable(
                    ReasonCode.DUPLICATE_KEY,
                    parent.isEmpty() ? name : parent + "." + name,
                    "the key '" + name + "' stands twice in one object");
        }
    }
}
