package leat.ml.featurestore.online;

import java.util.List;
import java.util.stream.IntStream;

/// Those features of a view that an answer has, in the view's order, each with the label that it
/// has in answers.
final class Selection {

    private static final String VALUES = "\"values\":{";
    private static final String STATUSES = "},\"statuses\":{";
    private static final String NULL = "null";
    private static final String STATUS_NULL = "\"null\"";

    private final boolean all;
    private final int[] members;
    private final byte[][] labels;

    private Selection(boolean all, int[] members, byte[][] labels) {
        this.all = all;
        this.members = members;
        this.labels = labels;
    }

    /// All features of a view.
    static Selection all(List<String> features) {
        return new Selection(
                true,
                IntStream.range(0, features.size())
                        .map(index -> index + Members.FEATURES)
                        .toArray(),
                features.stream().map(Members::label).toArray(byte[][]::new));
    }

    /// Some of these.
    ///
    /// @param chosen their indices, rising
    Selection of(int[] chosen) {
        return new Selection(
                false,
                IntStream.of(chosen).map(index -> members[index]).toArray(),
                IntStream.of(chosen).mapToObj(index -> labels[index]).toArray(byte[][]::new));
    }

    /// Writes `"values":{…},"statuses":{…}` of an entity without values.
    void writeNone(EntityStatus status, AnswerBytes out) {
        out.write(VALUES);
        writeAll(NULL, out);
        out.write(STATUSES);
        writeAll(status.json(), out);
        out.write('}');
    }

    private void writeAll(String value, AnswerBytes out) {
        for (int i = 0; i < labels.length; i++) {
            if (i > 0) {
                out.write(',');
            }
            out.write(labels[i]).write(value);
        }
    }

    /// The same of an entity with values.
    ///
    /// @param places of its members, see [Members#places]
    void write(byte[] json, int[] places, AnswerBytes out) {
        out.write(VALUES);
        int whole = places.length - 2;
        if (all && places[whole] > 0) {
            out.write(json, places[whole], places[whole + 1]).write(STATUSES).write('}');
            return;
        }
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
        out.write(STATUSES);
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
                out.write(labels[i]).write(STATUS_NULL);
            }
        }
    }

    static boolean isNull(byte[] json, int start) {
        return start == 0 || json[start] == 'n';
    }
}
