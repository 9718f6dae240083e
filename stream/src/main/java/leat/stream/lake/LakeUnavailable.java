package leat.stream.lake;

/// The lake's catalogue, or a file that it names, cannot be read now. The same may be answered
/// later; nothing was changed.
public final class LakeUnavailable extends RuntimeException {

    LakeUnavailable(RuntimeException cause) {
        super("the lake cannot be read: " + text(cause), cause);
    }

    /// What Iceberg says, and what it has that from.
    private static String text(RuntimeException cause) {
        Throwable origin = cause.getCause();
        return origin == null
                ? String.valueOf(cause.getMessage())
                : cause.getMessage() + " (" + origin.getMessage() + ")";
    }
}
