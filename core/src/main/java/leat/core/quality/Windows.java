package leat.core.quality;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import leat.core.contract.Measure;
import leat.core.contract.QualityRule;
import leat.core.quality.Verdict.Judgement;

/// The windows of one rule: tallies are added to the open ones, and a window is closed, once, when
/// nothing more can come for it. Each window up to the last closed one has been closed, empty ones
/// too, save in long gaps.
///
/// All times are milliseconds of append time. Not for several threads.
public final class Windows {

    /// The most windows that are open at a time; one too many closes the oldest unjudged.
    static final int MAX_OPEN = 5_000;

    /// Of more empty windows in a row only the last so many are closed one by one.
    static final int MAX_EMPTY = 1_000;

    /// The most identities that all open windows of a rule keep together.
    static final int MAX_OPEN_IDENTITIES = 4 * Tally.MAX_IDENTITIES;

    private final QualityRule rule;
    private final long lengthMillis;
    private final NavigableMap<Long, Open> open;
    private long closedThroughMillis;
    private long beginMillis = Long.MIN_VALUE;

    /// @param firstInput where in the inputs the window's first tally stands
    private record Open(Tally tally, long firstInput) {}

    /// A window that was closed.
    public record Closed(
            QualityRule rule, long startMillis, long endMillis, Tally tally, Verdict verdict) {}

    /// Windows of which none is open.
    ///
    /// @param closedThroughMillis the end of the last closed window; empty when the first one is
    ///   still to be found
    public Windows(QualityRule rule, OptionalLong closedThroughMillis) {
        this(rule, new TreeMap<>(), closedThroughMillis.orElse(Long.MIN_VALUE));
    }

    private Windows(QualityRule rule, NavigableMap<Long, Open> open, long closedThroughMillis) {
        this.rule = rule;
        this.lengthMillis = rule.window().toMillis();
        this.open = open;
        this.closedThroughMillis = closedThroughMillis;
    }

    public Windows copy() {
        Windows copy = new Windows(rule, new TreeMap<>(open), closedThroughMillis);
        copy.beginMillis = beginMillis;
        return copy;
    }

    /// Where the window of an append time begins.
    public static long startOf(long appendMillis, QualityRule rule) {
        return Math.floorDiv(appendMillis, rule.window().toMillis()) * rule.window().toMillis();
    }

    /// Where the first window begins that has not begun at a time.
    public static long startAfter(long appendMillis, QualityRule rule) {
        return -startOf(-appendMillis, rule);
    }

    /// The end of the last closed window; empty before the first.
    public OptionalLong closedThroughMillis() {
        return closedThroughMillis == Long.MIN_VALUE
                ? OptionalLong.empty()
                : OptionalLong.of(closedThroughMillis);
    }

    /// Where the first input stands that an open window needs; empty when none is open.
    public OptionalLong firstInput() {
        return open.values().stream().mapToLong(Open::firstInput).min();
    }

    /// Leaves out the windows that begin before a time.
    void beginAt(long millis) {
        closedThroughMillis = millis;
        beginMillis = millis;
    }

    /// Adds to a window; false when it is closed already. What came before the first window counts
    /// for none.
    public boolean add(long startMillis, Tally tally, long input) {
        if (startMillis < beginMillis) {
            return true;
        }
        if (startMillis < closedThroughMillis) {
            return false;
        }
        Open before = open.get(startMillis);
        Tally sum = before == null ? tally : before.tally().plus(tally);
        open.put(startMillis, new Open(sum, before == null ? input : before.firstInput()));
        if (rule.measure() instanceof Measure.DuplicateValues
                && identities() > MAX_OPEN_IDENTITIES) {
            Tally forgotten = new Tally(sum.rows(), sum.hits(), sum.newestMicros(), Set.of(), true);
            open.put(
                    startMillis, new Open(forgotten, before == null ? input : before.firstInput()));
        }
        return true;
    }

    private long identities() {
        return open.values().stream().mapToLong(one -> one.tally().identities().size()).sum();
    }

    /// Closes every window that ends at `frontierMillis` or before: all events that were appended
    /// before it have been added.
    public List<Closed> close(long frontierMillis) {
        if (closedThroughMillis == Long.MIN_VALUE) {
            beginAt(open.isEmpty() ? startAfter(frontierMillis, rule) : open.firstKey());
        }
        List<Closed> closed = new ArrayList<>();
        while (closedThroughMillis + lengthMillis <= frontierMillis) {
            skip(frontierMillis);
            Open window = open.remove(closedThroughMillis);
            Tally tally = window == null ? Tally.NONE : window.tally();
            long end = closedThroughMillis + lengthMillis;
            closed.add(
                    new Closed(
                            rule,
                            closedThroughMillis,
                            end,
                            tally,
                            Verdict.of(rule, tally, Instant.ofEpochMilli(end))));
            closedThroughMillis = end;
        }
        return closed;
    }

    /// Passes over the beginning of a long gap.
    private void skip(long frontierMillis) {
        long next = open.isEmpty() ? startOf(frontierMillis, rule) : open.firstKey();
        long until = Math.min(next, startOf(frontierMillis, rule)) - MAX_EMPTY * lengthMillis;
        if (until > closedThroughMillis) {
            closedThroughMillis = until;
        }
    }

    /// Closes the oldest windows while there are too many.
    public List<Closed> closeTooMany() {
        List<Closed> closed = new ArrayList<>();
        while (open.size() > MAX_OPEN) {
            Map.Entry<Long, Open> oldest = open.pollFirstEntry();
            long end = oldest.getKey() + lengthMillis;
            closed.add(
                    new Closed(
                            rule,
                            oldest.getKey(),
                            end,
                            oldest.getValue().tally(),
                            new Verdict(
                                    Judgement.NOT_JUDGED,
                                    OptionalDouble.empty(),
                                    "more than " + MAX_OPEN + " windows were open")));
            closedThroughMillis = end;
        }
        return closed;
    }
}
