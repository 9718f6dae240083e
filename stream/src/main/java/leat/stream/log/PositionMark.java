package leat.stream.log;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import leat.core.event.TopicId;

/// What a stage writes beside its position in Kafka's group, as the metadata of the committed
/// offset: which topic it is a position in, and what became of the records below it. Both commit
/// with the outputs, in one transaction, so the counts are exact whatever is killed.
///
/// Written `<topic id> passed=<n> dead=<n> duplicates=<n>`; positions of an older Leat have the
/// topic id alone.
///
/// @param counts of all records since the partition's first, or since the stage first counted;
///   empty where nobody has counted yet
public record PositionMark(TopicId topicId, Optional<Counts> counts) {

    private static final Pattern COUNTED =
            Pattern.compile("(\\S+) passed=(\\d{1,18}) dead=(\\d{1,18}) duplicates=(\\d{1,18})");

    /// Reads what [#toString] writes, and what an older Leat wrote; empty when it is neither.
    public static Optional<PositionMark> parse(String metadata) {
        Matcher counted = COUNTED.matcher(metadata);
        try {
            if (!counted.matches()) {
                return Optional.of(new PositionMark(new TopicId(metadata), Optional.empty()));
            }
            Counts counts = new Counts(number(counted, 2), number(counted, 3), number(counted, 4));
            return Optional.of(
                    new PositionMark(new TopicId(counted.group(1)), Optional.of(counts)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static long number(Matcher matcher, int group) {
        return Long.parseLong(matcher.group(group));
    }

    @Override
    public String toString() {
        return topicId
                + counts.map(of ->
                                " passed="
                                        + of.passed()
                                        + " dead="
                                        + of.dead()
                                        + " duplicates="
                                        + of.duplicates())
                        .orElse("");
    }
}
