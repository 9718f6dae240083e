package leat.stream.search;

import org.jspecify.annotations.Nullable;

/// The search engine did not do what was asked, for a reason that may pass: no connection, too much
/// work, a failure of its own, refused credentials. The caller tries again later; an index request
/// may have been carried out.
public final class EngineUnavailable extends RuntimeException {

    public EngineUnavailable(String what, @Nullable Throwable cause) {
        super(what, cause);
    }

    public EngineUnavailable(String what) {
        this(what, null);
    }
}
