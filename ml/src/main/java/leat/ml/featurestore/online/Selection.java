package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Those features of a view that an answer has, in the view's order, with the parts of answers that
/// are always the same.
final class Selection {

    private static final byte[] NULL = "null".getBytes(UTF_8);

    private final int[] members;
    private final byte[][] labels;
    private final byte[] noValues;
    private final byte[] allUnknown;
    private final byte[] allStale;

    /// @param features all of the view
    /// @param chosen the indices of those that are asked for, rising
    Selection(List<String> features, int[] chosen) {
        List<String> names = IntStream.of(chosen).mapToObj(features::get).toList();
        members = IntStream.of(chosen).map(index -> index + Members.FEATURES).toArray();
        labels = names.stream().map(name -> label(name).getBytes(UTF_8)).toArray(byte[][]::new);
        noValues = all(names, "null");
        allUnknown = all(names, quoted(EntityStatus.UNKNOWN_ENTITY.word()));
        allStale = all(names, quoted(EntityStatus.STALE.word()));
    }

    private static byte[] all(List<String> names, String value) {
        return names.stream()
                .map(name -> label(name) + value)
                .collect(Collectors.joining(",", "{", "}"))
                .getBytes(UTF_8);
    }

    private static String label(String name) {
        return quoted(name) + ":";
    }

    private static String quoted(String word) {
        return '"' + word + '"';
    }

    /// Writes `"values":{…},"statuses":{…}` of an entity without values.
    void writeNone(EntityStatus status, AnswerBytes out) {
        out.write("\"values\":").write(noValues).write(",\"statuses\":");
        out.write(status == EntityStatus.STALE ? allStale : allUnknown);
    }

    /// The same of an entity with values.
    ///
    /// @param places of its members, see [Members#places]
    void write(byte[] json, int[] places, AnswerBytes out) {
        out.write("\"values\":{");
        boolean complete = true;
        for (int i = 0; i < members.length; i++) {
            if (i > 0) {
                out.write(',');
            }
            out.write(labels[i]);
            int start = places[2 * members[i]];
            if (isNull(json, start)) {
                out.write(NULL);
                complete = false;
            } else {
                out.write(json, start, places[2 * members[i] + 1]);
            }
        }
        out.write("},\"statuses\":{");
        if (!complete) {
            writeNulls(json, places, out);
        }
        out.write('}');
    }

    private void writeNulls(byte[] json, int[] places, AnswerBytes out) {
        boolean first = true;
        for (int i = 0; i < members.length; i++) {
            if (isNull(json, places[2 * members[i]])) {
                if (!first) {
                    out.write(',');
                }
                first = false;
                out.write(labels[i]).write("\"null\"");
            }
        }
    }

    private static boolean isNull(byte[] json, int start) {
        return start == 0 || json[start] == 'n';
    }
}
