package leat.core.monitor;

/// Predictions made once more of their vectors by the versions that they name.
///
/// @param predictions that were compared
/// @param first which of them differs first; empty where none does
/// @param leftOut could not be compared: their version learns, or gave no values then or now
public record Recomputed(long predictions, long different, String first, long leftOut) {

    /// Nothing was there to be made again.
    public static final Recomputed NONE = new Recomputed(0, 0, "", 0);

    /// Both together.
    public Recomputed and(Recomputed other) {
        return new Recomputed(
                predictions + other.predictions,
                different + other.different,
                first.isEmpty() ? other.first : first,
                leftOut + other.leftOut);
    }
}
