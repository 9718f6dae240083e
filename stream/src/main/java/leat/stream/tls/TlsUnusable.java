package leat.stream.tls;

/// Files of certificates or keys that cannot be used. The message names the setting, the file and
/// the reason, never what stands in the file.
public final class TlsUnusable extends RuntimeException {

    private final String remedy;

    /// Makes the error.
    ///
    /// @param remedy what to do, an imperative without a final full stop
    TlsUnusable(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    TlsUnusable(String message, String remedy, Throwable cause) {
        super(message, cause);
        this.remedy = remedy;
    }

    /// What to do.
    public String remedy() {
        return remedy;
    }
}
