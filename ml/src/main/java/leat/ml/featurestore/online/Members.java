package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// The names of a vector's members, and where their values stand in its JSON. Values are found, not
/// read: what is served are the bytes that the log has.
final class Members {

    private final byte[][] names;

    Members(List<String> features) {
        names =
                Stream.concat(
                                Stream.of(StoredVector.ENTITY, StoredVector.QUERY_TIME),
                                features.stream())
                        .map(name -> name.getBytes(UTF_8))
                        .toArray(byte[][]::new);
    }

    /// The index of `entity`.
    static final int ENTITY = 0;

    /// The index of `query_time`.
    static final int QUERY_TIME = 1;

    /// The index of the first feature; the others follow.
    static final int FEATURES = 2;

    /// Start and end of each member's value in `json`, two numbers a member; both 0 where there is
    /// none. Members come in the order of the names as a rule, and are found at once then.
    ///
    /// @param json a JSON object from index `from` on, known to be sound, with values that are
    ///   neither objects nor lists
    int[] places(byte[] json, int from) {
        int[] places = new int[2 * names.length];
        int expected = 0;
        int at = from;
        while (json[at] != '{') {
            at++;
        }
        at = nameOrEnd(json, at + 1);
        while (json[at] != '}') {
            int nameEnd = textEnd(json, at);
            int member = index(json, at + 1, nameEnd - 1, expected);
            int start = value(json, nameEnd);
            int end = json[start] == '"' ? textEnd(json, start) : wordEnd(json, start);
            if (member >= 0) {
                places[2 * member] = start;
                places[2 * member + 1] = end;
                expected = member + 1;
            }
            at = nameOrEnd(json, end);
        }
        return places;
    }

    /// The index of the name in `json[start, end)`, -1 when it is none of ours.
    private int index(byte[] json, int start, int end, int expected) {
        for (int tried = 0; tried < names.length; tried++) {
            int member = expected + tried;
            member = member < names.length ? member : member - names.length;
            byte[] name = names[member];
            if (name.length == end - start
                    && Arrays.equals(json, start, end, name, 0, name.length)) {
                return member;
            }
        }
        return -1;
    }

    private static int nameOrEnd(byte[] json, int from) {
        int at = from;
        while (json[at] != '"' && json[at] != '}') {
            at++;
        }
        return at;
    }

    /// Behind the colon and blanks.
    private static int value(byte[] json, int from) {
        int at = from;
        while (json[at] == ':' || json[at] <= ' ') {
            at++;
        }
        return at;
    }

    /// Behind the closing quote of the text that opens at `start`.
    private static int textEnd(byte[] json, int start) {
        int at = start + 1;
        while (json[at] != '"') {
            at += json[at] == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    /// Behind a number, `true`, `false` or `null`.
    private static int wordEnd(byte[] json, int start) {
        int at = start;
        while (json[at] != ',' && json[at] != '}' && json[at] > ' ') {
            at++;
        }
        return at;
    }
}
