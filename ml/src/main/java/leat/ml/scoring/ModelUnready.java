package leat.ml.scoring;

/// A version is registered, and cannot be asked: it cannot be opened, or was unloaded. The text
/// says why.
public final class ModelUnready extends RuntimeException {

    private static final long serialVersionUID = 1;

    ModelUnready(String message) {
        super(message, null, false, false);
    }
}
