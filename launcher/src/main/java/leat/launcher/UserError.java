package leat.launcher;

/// Something the user can put right. The command ends with exit code 1 and prints message and
/// remedy, no stack trace.
public final class UserError extends RuntimeException {

    private final String remedy;

    /// Makes the error.
    ///
    /// @param message what is wrong and where, without a final full stop
    /// @param remedy what to do, an imperative without a final full stop
    public UserError(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
