package leat.stream.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import leat.core.event.TopicId;

/// What one snapshot adds from one log partition: the records from `from` up to but not including
/// `to`. `to` is the consumer's position, so offsets that hold no record (transaction markers,
/// aborted or compacted records) need no care.
public record Advance(TopicId topic, int partition, long from, long to) {

    /// @throws IllegalArgumentException when the range runs backwards or starts before 0
    public Advance {
        if (partition < 0 || from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "no range of offsets: " + topic + "/" + partition + ":" + from + "-" + to);
        }
    }

    /// Reads what [#format] wrote.
    ///
    /// @throws IllegalArgumentException when `text` is not `topicId/partition:from-to`, repeated
    ///   with commas
    public static List<Advance> parse(String text) {
        List<Advance> advances = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int comma = text.indexOf(',', start);
            int end = comma < 0 ? text.length() : comma;
            advances.add(parseOne(text.substring(start, end)));
            start = end + 1;
        }
        return advances;
    }

    /// `topicId/partition:from-to` joined by commas; the empty text for none.
    public static String format(Collection<Advance> advances) {
        return advances.stream().map(Advance::toString).collect(Collectors.joining(","));
    }

    private static Advance parseOne(String text) {
        int slash = text.indexOf('/');
        int colon = text.indexOf(':', slash + 1);
        int dash = text.indexOf('-', colon + 1);
        if (slash < 0 || colon < 0 || dash < 0) {
            throw new IllegalArgumentException("'" + text + "' is not topicId/partition:from-to");
        }
        return new Advance(
                new TopicId(text.substring(0, slash)),
                Integer.parseInt(text.substring(slash + 1, colon)),
                Long.parseLong(text.substring(colon + 1, dash)),
                Long.parseLong(text.substring(dash + 1)));
    }

    @Override
    public String toString() {
        return topic + "/" + partition + ":" + from + "-" + to;
    }
}
