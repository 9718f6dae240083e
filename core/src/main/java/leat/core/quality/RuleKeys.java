package leat.core.quality;

import java.util.Set;
import leat.core.contract.Measure;
import leat.core.contract.QualityRule;
import leat.core.event.Hash128;

/// Under which key a rule's tallies and windows are kept: its id, and what it says. A rule that
/// changes is another one, so that no window is judged by two.
public final class RuleKeys {

    private RuleKeys() {}

    /// `speed-range#1f0a…`.
    public static String of(QualityRule rule) {
        String says =
                measure(rule.measure())
                        + "|"
                        + rule.field()
                        + "|"
                        + rule.expectation()
                        + "|"
                        + rule.percent()
                        + "|"
                        + rule.window()
                        + "|"
                        + rule.quarantine();
        return rule.id() + "#" + Hash128.of(says).toString().substring(0, 8);
    }

    /// A text that is the same in every process; sets have no order of their own.
    private static String measure(Measure measure) {
        return switch (measure) {
            case Measure.MissingValues missing ->
                    "missing " + missing.field() + sorted(missing.values()) + missing.absent();
            case Measure.InvalidValues invalid ->
                    "invalid " + invalid.field() + sorted(invalid.valid()) + invalid.pattern();
            case Measure other -> other.toString();
        };
    }

    private static String sorted(Set<Object> values) {
        return values.stream().map(String::valueOf).sorted().toList().toString();
    }
}
