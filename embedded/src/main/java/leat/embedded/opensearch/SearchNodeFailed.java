package leat.embedded.opensearch;

/// The embedded search engine does not run and is not tried again; the message says why and what to
/// do.
public final class SearchNodeFailed extends RuntimeException {

    public SearchNodeFailed(String what) {
        super(what);
    }
}
