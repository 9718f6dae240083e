package leat.bench.mqtt;

/// A fleet cannot go on: one of its processes has ended, or something takes far too long.
public final class FleetFailed extends RuntimeException {

    public FleetFailed(String message) {
        super(message);
    }

    public FleetFailed(String message, Throwable cause) {
        super(message, cause);
    }
}
