package leat.stream.reference;

/// The rows need more memory than they are given.
final class ReferenceTooLarge extends RuntimeException {

    ReferenceTooLarge(String message) {
        super(message);
    }
}
