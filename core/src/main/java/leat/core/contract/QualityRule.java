package leat.core.contract;

import java.time.Duration;
import java.util.Optional;
import leat.core.config.DurationText;
import leat.core.yaml.Location;

/// A rule that is judged on the stream, once for each window of append time.
///
/// @param id `speed-range`: the name in lower case letters, digits and hyphens; unique within the
///   contract
/// @param name as the contract has it
/// @param field the path of the field that the rule is about; empty for the event as a whole
/// @param percent whether the number is a share of the window's events, in percent
/// @param window how long a window is; windows begin at multiples of it since 1970
/// @param quarantine whether the enricher sends events that break the rule to the dead letters
/// @param location where the rule stands in the contract
public record QualityRule(
        String id,
        String name,
        String field,
        Measure measure,
        Expectation expectation,
        boolean percent,
        Duration window,
        boolean quarantine,
        Optional<AlertPolicy> alert,
        Location location) {

    /// When a rule raises an alert.
    ///
    /// @param severity the contract's word, e.g. `error`
    /// @param failures so many windows in a row must fail
    /// @param successes so many windows in a row must pass before the alert is resolved
    public record AlertPolicy(String severity, int failures, int successes) {}

    /// `must be less than 5 percent within 1m`.
    public String demand() {
        return expectation + (percent ? " percent" : "") + " within " + DurationText.of(window);
    }
}
