package leat.ml.training;

/// Nothing is trained, or what was trained may not be registered; to try the same again is of no
/// use before something is done.
public final class TrainingStopped extends RuntimeException {

    private final String remedy;

    TrainingStopped(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /// What to do, an imperative without a final full stop.
    public String remedy() {
        return remedy;
    }
}
