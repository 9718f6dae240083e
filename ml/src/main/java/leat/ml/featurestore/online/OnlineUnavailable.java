package leat.ml.featurestore.online;

/// The online store cannot say what it holds, or cannot be used at all. Nothing is lost by it: all
/// that it holds stands in the log.
public final class OnlineUnavailable extends RuntimeException {

    private final String remedy;

    public OnlineUnavailable(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public OnlineUnavailable(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /// What to do, an imperative without a final full stop.
    public String remedy() {
        return remedy;
    }
}
