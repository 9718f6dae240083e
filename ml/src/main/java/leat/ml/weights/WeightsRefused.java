package leat.ml.weights;

/// A file is no weights, or not those of the model that they are for.
public final class WeightsRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final String remedy;

    /// @param message what is wrong, and with which tensor
    /// @param remedy what to do about it
    public WeightsRefused(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    /// What to do about it.
    public String remedy() {
        return remedy;
    }
}
