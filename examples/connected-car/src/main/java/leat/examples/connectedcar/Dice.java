package leat.examples.connectedcar;

/// Random bits by counting: a draw is a hash of (seed, car, step, number of the draw), so no state
/// has to be kept and no order of drawing can change the outcome.
///
/// The hash is SplitMix64's finaliser (Steele, Lea, Flood: Fast splittable pseudorandom number
/// generators, 2014).
final class Dice {

    private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;
    private static final double UNIT = 0x1.0p-53;

    private long state;

    static long mix(long z) {
        long first = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long second = (first ^ (first >>> 27)) * 0x94D049BB133111EBL;
        return second ^ (second >>> 31);
    }

    /// What makes car `car` of a fleet with `seed` the same car in every step.
    static long carSeed(long seed, int car) {
        return mix(mix(seed) + (car + 1L) * GOLDEN_GAMMA);
    }

    /// Starts the draws of one car's step; step −1 is the car's making.
    void start(long carSeed, long step) {
        state = mix(carSeed + (step + 2) * GOLDEN_GAMMA);
    }

    /// 64 random bits.
    long bits() {
        state += GOLDEN_GAMMA;
        return mix(state);
    }

    /// A number in [0, 1).
    double unit() {
        return (bits() >>> 11) * UNIT;
    }

    /// Exponentially distributed with the given mean. [StrictMath] gives the same bits everywhere.
    float exponential(float mean) {
        return (float) (-StrictMath.log(1 - unit()) * mean);
    }

    /// The n-th 16 bits (n = 0…3) of `bits` as a number in [0, 1).
    static float unit16(long bits, int n) {
        return ((bits >>> (16 * n)) & 0xFFFF) * 0x1.0p-16f;
    }
}
