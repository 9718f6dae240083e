package leat.ml.training.algorithm;

/// Nothing can be learned as it was asked: the rows do not fit the algorithm. To ask the same again
/// is of no use.
public final class TrainingRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String remedy;

    /// Says what does not fit, and what to do, as an imperative without a final full stop.
    public TrainingRefused(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /// What to do, an imperative without a final full stop.
    public String remedy() {
        return remedy;
    }
}
