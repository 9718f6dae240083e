package leat.ml.featurestore.online;

/// What keeps the vectors cannot be read or written now. The caller may try again: nothing was
/// written in part.
final class StoreFailed extends RuntimeException {
    StoreFailed(String what, Exception cause) {
        super(what + ": " + cause.getMessage(), cause);
    }
}
