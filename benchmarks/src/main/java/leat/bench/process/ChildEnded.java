package leat.bench.process;

/// A process that was still needed has ended; the message has its last words.
public final class ChildEnded extends IllegalStateException {

    public ChildEnded(String message, Throwable cause) {
        super(message, cause);
    }
}
