package leat.core.quality;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.OptionalDouble;
import leat.core.contract.Measure;
import leat.core.contract.QualityRule;

/// What a rule says of a closed window.
///
/// @param value the number that was compared; empty when there is none
/// @param note why it was not judged, or what a failure without a number means; may be empty
public record Verdict(Judgement judgement, OptionalDouble value, String note) {

    /// Whether the rule's demand was met.
    public enum Judgement {
        PASSED,
        FAILED,
        NOT_JUDGED;

        /// `not-judged`, as in results.
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }

    /// Judges what was counted in the window that ended at `end`. A share of no events is not
    /// judged; a window without events is as stale as it can be.
    public static Verdict of(QualityRule rule, Tally tally, Instant end) {
        return switch (rule.measure()) {
            case Measure.RowCount _ -> compared(rule, (double) tally.rows());
            case Measure.Freshness _ -> freshness(rule, tally, end);
            case Measure.DuplicateValues _ when tally.overflown() ->
                    notJudged("more than " + Tally.MAX_IDENTITIES + " different values");
            case Measure.DuplicateValues _ ->
                    counted(rule, tally.hits() - tally.identities().size(), tally.rows());
            case Measure.NullValues _,
                    Measure.MissingValues _,
                    Measure.InvalidValues _,
                    Measure.OutOfRange _,
                    Measure.Breaches _,
                    Measure.LateEvents _,
                    Measure.Matches _,
                    Measure.DeadMatches _ ->
                    counted(rule, tally.hits(), tally.rows());
        };
    }

    private static Verdict freshness(QualityRule rule, Tally tally, Instant end) {
        if (tally.rows() == 0) {
            return new Verdict(
                    Judgement.FAILED, OptionalDouble.empty(), "no event came in the window");
        }
        long endMicros = ChronoUnit.MICROS.between(Instant.EPOCH, end);
        return compared(rule, Math.max(0, endMicros - tally.newestMicros()) / 1e6);
    }

    private static Verdict counted(QualityRule rule, long count, long rows) {
        if (!rule.percent()) {
            return compared(rule, (double) count);
        }
        return rows == 0 ? notJudged("no events") : compared(rule, 100.0 * count / rows);
    }

    private static Verdict compared(QualityRule rule, double value) {
        return new Verdict(
                rule.expectation().holds(value) ? Judgement.PASSED : Judgement.FAILED,
                OptionalDouble.of(value),
                "");
    }

    private static Verdict notJudged(String why) {
        return new Verdict(Judgement.NOT_JUDGED, OptionalDouble.empty(), why);
    }
}
