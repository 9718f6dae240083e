package leat.core.training;

/// From which score on a row counts as an alarm.
public sealed interface Threshold {

    record Fixed(double value) implements Threshold {}

    /// The best one for F1, on rows that the model is not judged by.
    record Best() implements Threshold {}
}
