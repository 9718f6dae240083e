package leat.console.mlflow;

import java.util.Locale;
import java.util.UUID;
import java.util.random.RandomGenerator;

/// New ids, in the forms that MLflow's have.
final class Ids {

    private static final long SMALLEST = 100_000_000_000_000_000L;

    private Ids() {}

    /// Eighteen digits.
    static String experiment() {
        return Long.toString(RandomGenerator.getDefault().nextLong(SMALLEST, 10 * SMALLEST));
    }

    /// `m-` and 32 hexadecimal digits.
    static String loggedModel() {
        return "m-" + run();
    }

    /// 32 hexadecimal digits.
    static String run() {
        return UUID.randomUUID().toString().replace("-", "").toLowerCase(Locale.ROOT);
    }
}
