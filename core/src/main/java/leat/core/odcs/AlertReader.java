package leat.core.odcs;

import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Expectation;
import leat.core.contract.Expectation.Operator;
import leat.core.contract.Measure;
import leat.core.contract.QualityRule;
import leat.core.yaml.Keys;

/// Reads one entry of `leat.alerts`: a condition over enriched or dead events, and how many of them
/// are too many.
record AlertReader(Keys entry) {

    private static final Set<String> KEYS =
            Set.of("name", "on", "when", "unit", "window", "severity", "for", "resolveAfter");

    Optional<QualityRule> read() {
        int before = entry.problems().count();
        Set<String> known = new HashSet<>(KEYS);
        Arrays.stream(Operator.values()).map(Operator::key).forEach(known::add);
        entry.allow(known);
        String name = entry.requiredText("name", "name the alert").orElse("");
        String id = name.isEmpty() ? name : RuleProperties.id(entry, name, "alert");
        Optional<Measure> measure = measure();
        Optional<Expectation> expectation = new ExpectationReader(entry).read(measure);
        boolean percent = RuleProperties.percent(entry);
        Duration window = RuleProperties.window(entry, "window", Optional.empty());
        QualityRule.AlertPolicy policy =
                RuleProperties.policy(entry.text("severity"), Optional.of(entry));
        if (entry.problems().count() > before || measure.isEmpty() || expectation.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new QualityRule(
                        id,
                        name,
                        "",
                        measure.get(),
                        expectation.get(),
                        percent,
                        window,
                        false,
                        Optional.of(policy),
                        entry.location()));
    }

    private Optional<Measure> measure() {
        String when = entry.text("when").orElse("true");
        String on = entry.requiredText("on", "write enriched or dead").orElse("enriched");
        return switch (on) {
            case "enriched" -> Optional.of(new Measure.Matches(when));
            case "dead" -> Optional.of(new Measure.DeadMatches(when));
            default -> {
                entry.complain("on", "is '" + on + "'", "write enriched or dead");
                yield Optional.empty();
            }
        };
    }
}
