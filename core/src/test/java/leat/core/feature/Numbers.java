package leat.core.feature;

import java.util.Random;

/// Doubles of one kind: measurements, counts, or such as sums of doubles go wrong with.
interface Numbers {

    double next();

    static Numbers of(Random random) {
        int power = random.nextInt(2000) - 1000;
        return switch (random.nextInt(10)) {
            case 0, 1 -> () -> random.nextInt(20_000) / 100.0;
            case 2, 3 -> () -> random.nextInt(200) - 100;
            case 4 -> () -> random.nextGaussian() * 1e-3;
            case 5 -> () -> Math.scalb(random.nextDouble() - 0.5, power);
            case 6 ->
                    () ->
                            (random.nextBoolean() ? 1 : -1)
                                    * Double.MAX_VALUE
                                    * (random.nextInt(4) / 3.0);
            case 7 -> () -> Double.MIN_VALUE * (random.nextInt(2000) - 1000);
            case 8 -> () -> random.nextBoolean() ? -0.0 : random.nextInt(3) * 0.1;
            default -> () -> any(random);
        };
    }

    private static double any(Random random) {
        double value = Double.longBitsToDouble(random.nextLong());
        return Double.isFinite(value) ? value : random.nextInt(2) - 1.0;
    }
}
