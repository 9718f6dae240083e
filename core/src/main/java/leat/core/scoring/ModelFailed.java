package leat.core.scoring;

import org.jspecify.annotations.Nullable;

/// A model cannot be loaded, or cannot answer what it was asked. To ask it the same again is of no
/// use.
public final class ModelFailed extends RuntimeException {

    private static final long serialVersionUID = 1;

    /// Of our own finding.
    ///
    /// @param message what, and the remedy where there is one
    public ModelFailed(String message) {
        this(message, null);
    }

    /// For a cause.
    ///
    /// @param message what, and the remedy where there is one
    public ModelFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
