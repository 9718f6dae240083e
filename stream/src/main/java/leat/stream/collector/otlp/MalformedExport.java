package leat.stream.collector.otlp;

/// A request that is no export request, or more than may be taken: nothing of it is stored.
public final class MalformedExport extends Exception {

    private final boolean tooMuch;

    private MalformedExport(String message, boolean tooMuch) {
        super(message);
        this.tooMuch = tooMuch;
    }

    static MalformedExport unreadable(String message) {
        return new MalformedExport(message, false);
    }

    static MalformedExport tooMuch(String message) {
        return new MalformedExport(message, true);
    }

    /// Whether smaller batches would be taken; else the bytes are no request at all.
    public boolean tooMuch() {
        return tooMuch;
    }
}
