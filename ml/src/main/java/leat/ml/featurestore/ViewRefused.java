package leat.ml.featurestore;

/// A view may not run as it is.
public final class ViewRefused extends RuntimeException {

    private final String remedy;

    ViewRefused(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /// What to do, an imperative without a final full stop.
    public String remedy() {
        return remedy;
    }
}
