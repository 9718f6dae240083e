package leat.core.enrich;

/// An expression cannot be computed for an event, e.g. because a field it needs is absent. The
/// event is dead with this message.
final class ExpressionFailed extends RuntimeException {

    ExpressionFailed(String message) {
        super(message, null, false, false);
    }
}
