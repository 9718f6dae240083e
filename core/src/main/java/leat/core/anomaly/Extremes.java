package leat.core.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// The highest and the lowest value so far. One that leaves the range by more than 5 % of it is
/// surprising, whatever else is.
final class Extremes {

    private static final int FEWEST_ROWS = 50;
    private static final double SHARE = 0.05;
    private static final double LEAST = 3;
    private static final double MOST = 6;

    private double lowest = Double.MAX_VALUE;
    private double highest = -Double.MAX_VALUE;
    private long rows;

    double range() {
        return highest - lowest;
    }

    double learn(double value) {
        double beyond = Math.max(value - highest, lowest - value);
        double share = beyond / (range() + Double.MIN_NORMAL);
        boolean leaves = rows > FEWEST_ROWS && beyond > 0 && share > SHARE;
        lowest = Math.min(lowest, value);
        highest = Math.max(highest, value);
        rows++;
        return leaves ? Math.min(MOST, LEAST + Math.log10(share / SHARE)) : 0;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(rows);
        out.writeDouble(lowest);
        out.writeDouble(highest);
    }

    void read(DataInput in) throws IOException {
        rows = in.readLong();
        lowest = in.readDouble();
        highest = in.readDouble();
    }
}
