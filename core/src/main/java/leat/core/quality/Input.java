package leat.core.quality;

import java.util.List;

/// What judging a contract's windows is told, in one order. The verdicts are a function of it.
public sealed interface Input {

    /// What a batch of one source's events adds. Two batches of a source have no event in common.
    ///
    /// @param source a partition that events come from, `enriched/0`
    /// @param throughMillis no later event of the source is older than this
    record Counted(String source, long throughMillis, List<Part> parts) implements Input {
        public Counted {
            parts = List.copyOf(parts);
        }
    }

    /// A rule's tally of a window, as far as a batch goes.
    ///
    /// @param rule the key of a [QualityRule][leat.core.contract.QualityRule], as [RuleKeys] has it
    record Part(String rule, long startMillis, Tally tally) {}

    /// All events of these sources that were appended before a time have been counted.
    record Passed(List<String> sources, long throughMillis) implements Input {
        public Passed {
            sources = List.copyOf(sources);
        }
    }

    /// Somebody has taken a rule's alert up.
    record Acknowledge(String ruleId) implements Input {}
}
