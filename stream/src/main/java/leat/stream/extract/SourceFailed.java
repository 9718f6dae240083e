package leat.stream.extract;

import org.jspecify.annotations.Nullable;

/// A source cannot be read now: what, and what to do. Reading it again later is all that is needed
/// once that is done.
final class SourceFailed extends Exception {

    SourceFailed(String message) {
        super(message);
    }

    SourceFailed(String message, @Nullable Throwable cause) {
        super(cause == null ? message : message + ": " + cause.getMessage(), cause);
    }
}
