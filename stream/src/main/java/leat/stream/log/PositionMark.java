package leat.stream.log;

import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import leat.core.event.TopicId;

/// What a stage writes beside its position in Kafka's group, as the metadata of the committed
/// offset: which topic it is a position in, and what became of the records below it. Both commit
/// with the outputs, in one transaction, so the counts are exact whatever is killed.
///
/// Written `<topic id> passed=<n> dead=<n> duplicates=<n>`, and where event times were looked at `
/// watermark=<µs> appended=<ms> timed=<n> late=<n>,…,<n>` after it; positions of an older Leat have
/// the topic id alone, or no event times.
///
/// @param counts of all records since the partition's first, or since the stage first counted;
///   empty where nobody has counted yet
public record PositionMark(TopicId topicId, Optional<Counts> counts) {

    private static final Pattern COUNTED =
            Pattern.compile(
                    "(\\S+) passed=(\\d{1,18}) dead=(\\d{1,18}) duplicates=(\\d{1,18})"
                            + "(?: watermark=(-?\\d{1,19}) appended=(\\d{1,18}) timed=(\\d{1,18})"
                            + " late=(\\d{1,18}(?:,\\d{1,18})*))?");

    /// Reads what [#toString] writes, and what an older Leat wrote; empty when it is neither.
    public static Optional<PositionMark> parse(String metadata) {
        Matcher counted = COUNTED.matcher(metadata);
        try {
            if (!counted.matches()) {
                return Optional.of(new PositionMark(new TopicId(metadata), Optional.empty()));
            }
            Counts counts =
                    new Counts(
                            number(counted, 2),
                            number(counted, 3),
                            number(counted, 4),
                            times(counted));
            return Optional.of(
                    new PositionMark(new TopicId(counted.group(1)), Optional.of(counts)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static EventTimes times(Matcher counted) {
        if (counted.group(5) == null) {
            return EventTimes.NONE;
        }
        return new EventTimes(
                number(counted, 5),
                number(counted, 6),
                number(counted, 7),
                Arrays.stream(counted.group(8).split(",", -1)).map(Long::valueOf).toList());
    }

    private static long number(Matcher matcher, int group) {
        return Long.parseLong(matcher.group(group));
    }

    @Override
    public String toString() {
        return topicId + counts.map(PositionMark::text).orElse("");
    }

    private static String text(Counts counts) {
        String text =
                " passed="
                        + counts.passed()
                        + " dead="
                        + counts.dead()
                        + " duplicates="
                        + counts.duplicates();
        EventTimes times = counts.times();
        return times.timed() == 0
                ? text
                : text
                        + " watermark="
                        + times.watermarkMicros()
                        + " appended="
                        + times.appendedMillis()
                        + " timed="
                        + times.timed()
                        + " late="
                        + times.late().stream()
                                .map(String::valueOf)
                                .collect(Collectors.joining(","));
    }
}
