package leat.core.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Watches the last so many values as one: their level, how restless they are, and how still.
final class Stretch {

    private static final double STILLEST_SHARE = 1e-9;
    private static final double STILLEST = 1e-300;

    private final int rows;
    private final Surprise level = new Surprise();
    private final Surprise restless = new Surprise();
    private final Surprise still = new Surprise();

    Stretch(int rows) {
        this.rows = rows;
    }

    /// How surprising the stretch that ends now is in each respect.
    record Seen(double level, double restless, double still) {

        static final Seen NOTHING = new Seen(0, 0, 0);

        Seen or(Seen other) {
            return new Seen(
                    Math.max(level, other.level),
                    Math.max(restless, other.restless),
                    Math.max(still, other.still));
        }
    }

    /// Learns the stretch that ends now.
    ///
    /// @param usual the stream's mean over long
    /// @param range between the highest and the lowest value so far
    Seen learn(RecentValues values, double usual, double range) {
        if (values.size() <= 2 * rows) {
            return Seen.NOTHING;
        }
        double mean = values.mean(rows);
        double deviation = values.deviation(rows, mean);
        return new Seen(
                level.learn(Math.abs(mean - usual)),
                restless.learn(deviation),
                still.learn(1 / (deviation + STILLEST_SHARE * range + STILLEST)));
    }

    void write(DataOutput out) throws IOException {
        level.write(out);
        restless.write(out);
        still.write(out);
    }

    void read(DataInput in) throws IOException {
        level.read(in);
        restless.read(in);
        still.read(in);
    }
}
