package leat.core.tracking.search;

/// What a condition or an order looks at.
public sealed interface Field {

    record OfMetric(String key) implements Field {}

    record OfParam(String key) implements Field {}

    record OfTag(String key) implements Field {}

    /// What the datasets are that a run has read.
    ///
    /// @param key `name`, `digest` or `context`
    record OfDataset(String key) implements Field {}

    /// What a run or an experiment is, e.g. its name.
    ///
    /// @param name under which the protocol shows it, e.g. `start_time`
    /// @param number whether its values are numbers
    record Attribute(String name, boolean number) implements Field {}
}
