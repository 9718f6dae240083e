package leat.core.contract;

import java.util.List;

/// What a contract says of the quality of its events.
///
/// @param rules those that are judged on the stream
/// @param unjudged those that are not, for people to know
public record Quality(List<QualityRule> rules, List<Unjudged> unjudged) {

    /// A contract that demands nothing.
    public static final Quality NONE = new Quality(List.of(), List.of());

    public Quality {
        rules = List.copyOf(rules);
        unjudged = List.copyOf(unjudged);
    }

    /// A rule that the contract has and no stage judges.
    ///
    /// @param name of the rule, or where it stands
    /// @param reason why it is not judged
    public record Unjudged(String name, String reason) {}
}
