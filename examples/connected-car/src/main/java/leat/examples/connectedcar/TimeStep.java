package leat.examples.connectedcar;

/// How far each slow quantity moves towards its target within one step. First-order lags solved
/// exactly, `1 − e^(−Δt/τ)`, so that no step is too long.
///
/// @param seconds the step, Δt
/// @param speed τ = 6 s: a car speeds up and slows down
/// @param warmUp τ = 240 s: coolant of a running engine
/// @param overheat τ = 90 s: coolant without cooling
/// @param coolDown τ = 2400 s: coolant of a parked car
/// @param tyres τ = 500 s: tyres warm and cool
/// @param charging τ = 3600 s: the battery of a parked car
/// @param newWish how probable it is that the driver wants another speed, once in 15 s
/// @param onset how probable it is that a running car takes a condition
record TimeStep(
        float seconds,
        float speed,
        float warmUp,
        float overheat,
        float coolDown,
        float tyres,
        float charging,
        float newWish,
        float onset) {

    /// How slowly a parked car's coolant cools down, in seconds.
    static final float COOL_DOWN = 2400;

    static TimeStep of(double seconds) {
        return new TimeStep(
                (float) seconds,
                share(seconds, 6),
                share(seconds, 240),
                share(seconds, 90),
                share(seconds, COOL_DOWN),
                share(seconds, 500),
                share(seconds, 3600),
                share(seconds, 15),
                share(seconds, Failure.MEAN_SECONDS_BETWEEN));
    }

    private static float share(double seconds, double tau) {
        return (float) (1 - StrictMath.exp(-seconds / tau));
    }
}
