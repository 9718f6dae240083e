package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The names of a vector's members, and where their values stand in its JSON. Values are found, not
/// read: what is served are the bytes that the log has.
final class Members {

    private final byte[][] names;

    /// The names as they stand before a value, with quotes and colon.
    private final byte[][] labels;

    /// The indices of the features.
    private final Map<String, Integer> indices = new HashMap<>();

    Members(List<String> features) {
        List<String> all = new ArrayList<>(List.of(StoredVector.ENTITY, StoredVector.QUERY_TIME));
        all.addAll(features);
        names = all.stream().map(name -> name.getBytes(UTF_8)).toArray(byte[][]::new);
        labels = all.stream().map(Members::label).toArray(byte[][]::new);
        features.forEach(feature -> indices.put(feature, FEATURES + indices.size()));
    }

    /// The index of a feature; -1 when there is none of that name.
    int indexOf(String feature) {
        return indices.getOrDefault(feature, -1);
    }

    /// What stands before the value of a member of that name.
    static byte[] label(String name) {
        return ('"' + name + "\":").getBytes(UTF_8);
    }

    /// The index of `entity`.
    static final int ENTITY = 0;

    /// The index of `query_time`.
    static final int QUERY_TIME = 1;

    /// The index of the first feature; the others follow.
    static final int FEATURES = 2;

    /// Start and end of each member's value in `json`, two numbers a member; both 0 where there is
    /// none. Two more follow: start and end of all features with their names, where they stand in
    /// order, none of them null and nothing between them but commas; else both 0.
    ///
    /// @param json a JSON object from index `from` on, known to be sound, with values that are
    ///   neither objects nor lists
    int[] places(byte[] json, int from) {
        int[] places = new int[2 * names.length + 2];
        if (!findAsWritten(json, from, places)) {
            Arrays.fill(places, 0);
            find(json, from, places);
        }
        return places;
    }

    /// Finds the members of JSON as the feature store writes it: in the order of the names and
    /// without blanks. False for any other.
    private boolean findAsWritten(byte[] json, int from, int[] places) {
        int at = from;
        boolean complete = json[at] == '{';
        for (int member = 0; member < labels.length && json[at] != '}'; member++) {
            byte[] label = labels[member];
            int start = at + 1 + label.length;
            if (start >= json.length
                    || !Arrays.equals(json, at + 1, start, label, 0, label.length)) {
                complete = false;
                continue;
            }
            complete &= json[start] != 'n';
            at = json[start] == '"' ? textEnd(json, start) : wordEnd(json, start);
            if (json[at] != ',' && json[at] != '}') {
                return false;
            }
            places[2 * member] = start;
            places[2 * member + 1] = at;
        }
        if (complete && places[2 * labels.length - 1] == at && labels.length > FEATURES) {
            places[2 * labels.length] = places[2 * FEATURES] - labels[FEATURES].length;
            places[2 * labels.length + 1] = at;
        }
        return json[at] == '}';
    }

    private void find(byte[] json, int from, int[] places) {
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
