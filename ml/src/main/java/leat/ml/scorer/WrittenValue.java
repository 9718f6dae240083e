package leat.ml.scorer;

import tools.jackson.databind.JsonNode;

/// A value of a prediction as it was written, beside the one that is made again.
final class WrittenValue {

    /// How far real numbers may be apart, of the larger one, to be the same: rows that are computed
    /// together with others have other last bits.
    private static final double TOLERANCE = 1e-5;

    private WrittenValue() {}

    /// Whether a model that is asked once more says the same.
    ///
    /// @param again a whole number, a real one, a truth or a text
    static boolean isSame(JsonNode was, Object again) {
        return switch (again) {
            case Long whole -> was.isIntegralNumber() && was.asLong() == whole;
            case Number real -> was.isNumber() && isNear(was.asDouble(), real.doubleValue());
            case Boolean truth -> was.isBoolean() && was.asBoolean() == truth;
            default -> was.isString() && was.asString().equals(again);
        };
    }

    private static boolean isNear(double was, double again) {
        return Math.abs(was - again) <= TOLERANCE * Math.max(Math.abs(was), Math.abs(again));
    }
}
