package leat.core.enrich;

/// An expression cannot be computed for an event, e.g. because a field it needs is absent. In a
/// step of enrichment the event is dead with this message.
public final class ExpressionFailed extends RuntimeException {

    ExpressionFailed(String message) {
        super(message, null, false, false);
    }
}
