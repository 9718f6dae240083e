package leat.stream.spool;

/// The spool's folder cannot be used: it belongs to another process, or the disk refuses.
public final class SpoolUnusable extends RuntimeException {

    private final String remedy;

    SpoolUnusable(String message, String remedy) {
        super(message);
        this.remedy = remedy;
    }

    SpoolUnusable(String message, Throwable cause) {
        super(message + " (" + cause + ")", cause);
        this.remedy =
                "let the collector's user read and write there, or set collector.spool.folder";
    }

    /// What to do.
    public String remedy() {
        return remedy;
    }
}
