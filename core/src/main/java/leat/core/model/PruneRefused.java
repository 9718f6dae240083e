package leat.core.model;

/// Versions that are not deleted, since one of them is needed by now. Nothing was written; whoever
/// asked looks again at what would go.
public final class PruneRefused extends RuntimeException {

    private final String model;

    /// Makes the refusal.
    ///
    /// @param message what is in the way, without a final full stop
    PruneRefused(String model, String message) {
        super(message, null, false, false);
        this.model = model;
    }

    /// What to do, an imperative without a final full stop.
    public String remedy() {
        return "look again at what would go: leat models prune " + model;
    }
}
