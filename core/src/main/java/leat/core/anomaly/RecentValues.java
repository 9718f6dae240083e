package leat.core.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/// The last values of a stream, at least 4,096 once there were as many, one behind the other in one
/// array.
final class RecentValues {

    static final int CAPACITY = 4_096;

    private static final int NEIGHBOURS = 3;
    private static final int CONTEXT = 10;

    private final double[] values = new double[2 * CAPACITY];
    private int end;

    void add(double value) {
        if (end == values.length) {
            System.arraycopy(values, CAPACITY, values, 0, CAPACITY);
            end = CAPACITY;
        }
        values[end++] = value;
    }

    int size() {
        return Math.min(end, CAPACITY);
    }

    /// The value `back` rows before the last.
    double before(int back) {
        return values[end - 1 - back];
    }

    double mean(int rows) {
        double sum = 0;
        for (int i = end - rows; i < end; i++) {
            sum += values[i];
        }
        return sum / rows;
    }

    double deviation(int rows, double mean) {
        double squares = 0;
        for (int i = end - rows; i < end; i++) {
            double off = values[i] - mean;
            squares += off * off;
        }
        return Math.sqrt(squares / rows);
    }

    /// Whether there are rows enough to look for contexts like the last.
    boolean hasContexts() {
        return size() > 3 * CONTEXT;
    }

    /// How far the last ten values are from the three stretches of the past that are most like
    /// them, on average; stretches that touch the last twenty values do not count.
    double contextDistance() {
        double[] nearest = new double[NEIGHBOURS];
        Arrays.fill(nearest, Double.MAX_VALUE);
        int last = end - CONTEXT;
        for (int at = last - 2 * CONTEXT + 1; at >= end - size(); at--) {
            double bound = nearest[NEIGHBOURS - 1];
            double squares = 0;
            for (int i = CONTEXT - 1; i >= 0 && squares < bound; i--) {
                double off = values[last + i] - values[at + i];
                squares += off * off;
            }
            if (squares < bound) {
                insert(nearest, squares);
            }
        }
        double sum = 0;
        int found = 0;
        for (double squares : nearest) {
            if (squares < Double.MAX_VALUE) {
                sum += Math.sqrt(squares);
                found++;
            }
        }
        return sum / Math.max(1, found);
    }

    private static void insert(double[] nearest, double squares) {
        int at = nearest.length - 1;
        while (at > 0 && nearest[at - 1] > squares) {
            nearest[at] = nearest[at - 1];
            at--;
        }
        nearest[at] = squares;
    }

    void write(DataOutput out) throws IOException {
        int size = size();
        out.writeInt(size);
        for (int i = end - size; i < end; i++) {
            out.writeDouble(values[i]);
        }
    }

    void read(DataInput in) throws IOException {
        end = AnomalyDetector.readSize(in, CAPACITY);
        for (int i = 0; i < end; i++) {
            values[i] = in.readDouble();
        }
    }
}
