package leat.ml.training.algorithm;

/// What an algorithm learns, and by that how it is judged.
public enum Task {
    /// Which of two classes a row is, from labels 0 and 1. The score is the probability of 1.
    CLASSIFICATION,
    /// A number, from labels that are numbers. The score is the number.
    REGRESSION,
    /// How unlike the training's rows a row is, without labels. The higher the score, the more.
    ANOMALY,
    /// Which rows belong together, without labels. The score is the distance to the row's cluster.
    CLUSTERING;

    public boolean needsLabels() {
        return this == CLASSIFICATION || this == REGRESSION;
    }
}
