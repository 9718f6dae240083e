package leat.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/// The answers of a collector as maps, lists and scalars. Whoever asks for what is not there gets
/// nothing of it.
record JsonTree(@Nullable Object value) {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int MAX_DEPTH = 20;

    /// Reads a whole document; empty for one that is no JSON.
    static Optional<JsonTree> parse(byte[] bytes) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            if (parser.nextToken() == null) {
                return Optional.empty();
            }
            return Optional.of(new JsonTree(value(parser, MAX_DEPTH)));
        } catch (StreamReadException _) {
            return Optional.empty();
        }
    }

    private static @Nullable Object value(JsonParser parser, int depth) {
        if (depth == 0) {
            parser.skipChildren();
            return null;
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, value(parser, depth - 1));
                }
                yield members;
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(value(parser, depth - 1));
                }
                yield elements;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getString();
            default -> null;
        };
    }

    JsonTree member(String name) {
        return new JsonTree(value instanceof Map<?, ?> members ? members.get(name) : null);
    }

    List<JsonTree> elements() {
        List<JsonTree> found = new ArrayList<>();
        if (value instanceof List<?> elements) {
            for (Object element : elements) {
                found.add(new JsonTree(element));
            }
        }
        return found;
    }

    String text(String otherwise) {
        return value instanceof String text ? text : otherwise;
    }

    long number() {
        return value instanceof Long number ? number : 0;
    }

    boolean isTrue() {
        return Boolean.TRUE.equals(value);
    }
}
