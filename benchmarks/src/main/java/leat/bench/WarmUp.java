package leat.bench;

import java.util.function.Supplier;

/// Rounds before the measured ones: until the JIT compiler leaves what is measured nearly all of
/// the processors, as it does for a service that has run for minutes.
final class WarmUp {

    static final int MOST_ROUNDS = 12;

    private static final int A_MEASURED_ROUND = 4;
    private static final double WARM_COMPILER_SHARE = 0.05;
    private static final int QUIET_ROUNDS = 2;

    private WarmUp() {}

    /// Plays rounds until two running are quiet.
    ///
    /// @param measured how many rounds are measured afterwards: at most four for each
    /// @param most that are played in any case
    static void play(int measured, int most, Supplier<Run> round) {
        int left = Math.min(most, A_MEASURED_ROUND * measured);
        int quiet = 0;
        while (left > 0 && quiet < QUIET_ROUNDS) {
            quiet = round.get().compilerShare() < WARM_COMPILER_SHARE ? quiet + 1 : 0;
            left--;
        }
    }
}
