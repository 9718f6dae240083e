package leat.core.catalog;

import java.util.Collection;
import java.util.stream.Collectors;
import leat.core.config.DurationText;
import leat.core.contract.Measure;
import leat.core.contract.QualityRule;

/// What a rule of quality says, in a line.
record RuleWords(QualityRule rule) {

    /// `outside of [0.0, 60.0]: must be 0 within 1m`.
    @Override
    public String toString() {
        return counted() + ": " + rule.demand();
    }

    private String counted() {
        return switch (rule.measure()) {
            case Measure.NullValues _ -> "without a value";
            case Measure.MissingValues missing -> "one of " + listed(missing.values());
            case Measure.InvalidValues invalid ->
                    invalid.pattern()
                            .map(pattern -> "not matched by " + pattern.pattern())
                            .orElseGet(() -> "none of " + listed(invalid.valid()));
            case Measure.OutOfRange outside -> "outside of " + outside.range();
            case Measure.Breaches breaches -> "not " + breaches.condition();
            case Measure.LateEvents late -> "later than " + DurationText.of(late.bound());
            case Measure.DuplicateValues _ -> "there before";
            case Measure.RowCount _ -> "all";
            case Measure.Freshness _ -> "seconds since the newest";
            case Measure.Matches matches -> matches.condition();
            case Measure.DeadMatches dead -> "dead, " + dead.condition();
        };
    }

    private static String listed(Collection<Object> values) {
        return values.stream().map(String::valueOf).sorted().collect(Collectors.joining(", "));
    }
}
