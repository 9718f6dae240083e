package leat.stream.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import leat.core.validate.ParserMessage;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonPointer;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A page of JSON: the bytes of its rows as they stand, so that no number changes its digits, and
/// single values by their JSON pointers (RFC 6901).
final class JsonPage {

    private static final JsonFactory FACTORY = new JsonFactory();
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final byte[] bytes;
    private final JsonNode tree;

    /// @throws SourceFailed when it is no JSON
    JsonPage(byte[] bytes) throws SourceFailed {
        this.bytes = bytes;
        try {
            this.tree = MAPPER.readTree(bytes);
        } catch (JacksonException e) {
            throw new SourceFailed("the page is not JSON: " + ParserMessage.of(e), e);
        }
    }

    /// A text or number; empty where there is nothing, null or an empty text.
    Optional<String> text(String pointer) {
        return text(tree, pointer);
    }

    static Optional<String> text(byte[] json, String pointer) {
        return text(MAPPER.readTree(json), pointer);
    }

    private static Optional<String> text(JsonNode tree, String pointer) {
        JsonNode node = tree.at(JsonPointer.compile(pointer));
        return node.isValueNode() && !node.isNull()
                ? Optional.of(node.asString()).filter(text -> !text.isEmpty())
                : Optional.empty();
    }

    /// The objects of the list at a pointer, each as it stands.
    ///
    /// @throws SourceFailed when no list of objects stands there
    List<byte[]> rows(String pointer) throws SourceFailed {
        JsonNode list = tree.at(JsonPointer.compile(pointer));
        if (!list.isArray()) {
            throw new SourceFailed(
                    "the page has no list "
                            + (pointer.isEmpty() ? "as a whole" : "at " + pointer)
                            + "; correct http.rows");
        }
        for (JsonNode row : list) {
            if (!row.isObject()) {
                throw new SourceFailed("a row of the page is no JSON object; correct http.rows");
            }
        }
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), bytes)) {
            parser.nextToken();
            seek(parser, JsonPointer.compile(pointer));
            List<byte[]> rows = new ArrayList<>(list.size());
            while (parser.nextToken() == JsonToken.START_OBJECT) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                int to = (int) parser.currentLocation().getByteOffset();
                rows.add(Arrays.copyOfRange(bytes, from, to));
            }
            if (rows.size() != list.size()) {
                throw new SourceFailed("the page names a key twice; it cannot be read for sure");
            }
            return rows;
        }
    }

    private static void seek(JsonParser parser, JsonPointer pointer) {
        JsonPointer left = pointer;
        while (!left.matches()) {
            boolean array = parser.currentToken() == JsonToken.START_ARRAY;
            int index = 0;
            while (true) {
                JsonToken token = parser.nextToken();
                if (token == null
                        || token == JsonToken.END_OBJECT
                        || token == JsonToken.END_ARRAY) {
                    return;
                }
                boolean here;
                if (array) {
                    here = left.getMatchingIndex() == index++;
                } else {
                    here = parser.currentName().equals(left.getMatchingProperty());
                    parser.nextToken();
                }
                if (here) {
                    break;
                }
                parser.skipChildren();
            }
            left = left.tail();
        }
    }

    @Override
    public String toString() {
        return new String(bytes, UTF_8);
    }
}
