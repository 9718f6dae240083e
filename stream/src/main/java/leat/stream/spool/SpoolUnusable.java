package leat.stream.spool;

/// The spool's folder cannot be used: it belongs to another process, or the disk refuses.
public final class SpoolUnusable extends RuntimeException {

    SpoolUnusable(String message) {
        super(message);
    }

    SpoolUnusable(String message, Throwable cause) {
        super(message, cause);
    }
}
