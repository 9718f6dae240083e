package leat.ml.scorer;

/// A prediction that cannot be explained.
public final class ExplanationRefused extends RuntimeException {

    private final String remedy;

    ExplanationRefused(String message, String remedy) {
        super(message, null, false, false);
        this.remedy = remedy;
    }

    /// What whoever asked can do, an imperative without a final full stop.
    public String remedy() {
        return remedy;
    }
}
