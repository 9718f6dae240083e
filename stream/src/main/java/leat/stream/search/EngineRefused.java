package leat.stream.search;

/// The search engine refused a request as wrong; the same request will be refused again.
public final class EngineRefused extends RuntimeException {

    private final int status;

    public EngineRefused(int status, String what) {
        super(what);
        this.status = status;
    }

    /// The HTTP status, from 400 to 499.
    public int status() {
        return status;
    }
}
