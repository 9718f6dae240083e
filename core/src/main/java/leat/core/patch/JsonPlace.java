package leat.core.patch;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import leat.core.validate.JsonText;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// Where in an event's bytes one value stands, or would stand.
///
/// @param from the first byte that another value replaces
/// @param to the byte behind it
/// @param before what has to stand before the value: of a member that is not there yet its name
record JsonPlace(int from, int to, String before) {

    /// Finds the place of a member by the names on the way to it.
    ///
    /// @param json bytes that are one sound object
    static JsonPlace of(byte[] json, List<String> path) throws PatchFailed {
        try (JsonParser parser = LooseJson.parser(json)) {
            parser.nextToken();
            return in(parser, path, 0);
        }
    }

    private static JsonPlace in(JsonParser parser, List<String> path, int depth)
            throws PatchFailed {
        boolean last = depth == path.size() - 1;
        boolean empty = true;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            empty = false;
            if (!name.equals(path.get(depth))) {
                parser.skipChildren();
            } else if (last) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.finishToken();
                parser.skipChildren();
                return new JsonPlace(from, (int) parser.currentLocation().getByteOffset(), "");
            } else if (token == JsonToken.START_OBJECT) {
                return in(parser, path, depth + 1);
            } else {
                throw new PatchFailed(
                        "event." + String.join(".", path.subList(0, depth + 1)) + " is no object");
            }
        }
        if (!last) {
            throw new PatchFailed(
                    "event." + String.join(".", path.subList(0, depth + 1)) + " is not there");
        }
        int end = (int) parser.currentTokenLocation().getByteOffset();
        StringBuilder member = new StringBuilder(empty ? "" : ",");
        JsonText.quote(path.get(depth), member);
        return new JsonPlace(end, end, member.append(':').toString());
    }

    /// The event with another value here.
    byte[] set(byte[] json, String value) {
        ByteArrayOutputStream out =
                new ByteArrayOutputStream(json.length + before.length() + value.length());
        out.write(json, 0, from);
        out.writeBytes(before.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        out.write(json, to, json.length - to);
        return out.toByteArray();
    }
}
