package leat.ml.training.algorithm;

import java.util.List;
import java.util.Random;

/// Rows with missing values: six features of different sizes that hang together, a label by two of
/// them, and a weight. They are of three machines, a minute apart.
final class MadeRows {

    static final List<String> FEATURES = List.of("km", "speed", "heat", "tyre", "flag", "deep");

    private MadeRows() {}

    static Rows of(int count, long seed) {
        Random random = new Random(seed);
        Rows.Builder rows = Rows.weighted(FEATURES);
        long[] micros = new long[count];
        String[] entities = new String[count];
        for (int i = 0; i < count; i++) {
            double cause = random.nextGaussian();
            double other = random.nextGaussian();
            float[] row = {
                (float) (100_000 + 30_000 * cause),
                (float) (60 + 20 * other),
                (float) (300 + cause + other + 0.1 * random.nextGaussian()),
                (float) (2.3 - 0.1 * other),
                random.nextInt(2),
                (float) (1e-4 * (cause * other))
            };
            for (int j = 0; j < row.length; j++) {
                if (random.nextInt(20) == 0) {
                    row[j] = Float.NaN;
                }
            }
            double odds = 2 * cause - other + 0.5 * random.nextGaussian();
            micros[i] = i * 60_000_000L;
            entities[i] = "machine-" + i % 3;
            rows.add(row, odds > 1 ? 1 : 0, 0.5f + random.nextFloat());
        }
        return rows.build().from(new Rows.Origins(micros, entities));
    }
}
