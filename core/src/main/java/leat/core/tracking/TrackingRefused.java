package leat.core.tracking;

/// A request that is not done, with the code and the text that the caller is answered with. Nothing
/// was written.
public final class TrackingRefused extends RuntimeException {

    private final TrackingError error;

    public TrackingRefused(TrackingError error, String message) {
        super(message, null, false, false);
        this.error = error;
    }

    /// The refusal of a value in the request.
    public static TrackingRefused invalid(String message) {
        return new TrackingRefused(TrackingError.INVALID_PARAMETER_VALUE, message);
    }

    /// The refusal to do something with what is not there.
    public static TrackingRefused absent(String message) {
        return new TrackingRefused(TrackingError.RESOURCE_DOES_NOT_EXIST, message);
    }

    public TrackingError error() {
        return error;
    }
}
