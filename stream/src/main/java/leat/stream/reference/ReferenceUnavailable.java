package leat.stream.reference;

/// Reference data cannot be asked: it was not read up to the present yet, or its view has stopped.
/// Ask again later, or see what the view's health says.
public final class ReferenceUnavailable extends RuntimeException {

    ReferenceUnavailable(String message) {
        super(message);
    }
}
