package leat.core.model;

/// An alias that is not moved. Nothing was written; whoever asked has to choose, as the remedy
/// says.
public final class MoveRefused extends RuntimeException {

    private final String remedy;

    /// Makes the refusal.
    ///
    /// @param message what is in the way, without a final full stop
    /// @param remedy what to do, an imperative without a final full stop
    public MoveRefused(String message, String remedy) {
        super(message, null, false, false);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
