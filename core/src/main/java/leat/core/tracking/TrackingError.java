package leat.core.tracking;

/// The error codes of MLflow's protocol that are answered here, with the HTTP status that its
/// clients expect beside each. Clients try again on their own after 429 and 5xx.
public enum TrackingError {
    INVALID_PARAMETER_VALUE(400),
    BAD_REQUEST(400),
    RESOURCE_ALREADY_EXISTS(400),
    RESOURCE_DOES_NOT_EXIST(404),
    ENDPOINT_NOT_FOUND(404),
    INTERNAL_ERROR(500),
    TEMPORARILY_UNAVAILABLE(503);

    private final int status;

    TrackingError(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
