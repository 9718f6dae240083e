package leat.core.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/// How rare a magnitude is among the last 2,048: minus the decimal logarithm of its tail
/// probability, so 2 is one in a hundred and 12 the most. Up to the 95th percentile it is the rank.
/// Beyond, a Pareto tail is fitted (Hill 1975, <https://doi.org/10.1214/aos/1176343247>), which
/// tells magnitudes apart that were never seen, and is not alarmed by streams with heavy tails.
///
/// Magnitudes are finite and not negative.
final class Surprise {

    static final double MOST = 12;

    private static final int CAPACITY = 2_048;
    private static final int FEWEST = 20;
    private static final double TAIL_SHARE = 0.05;
    private static final int TAIL_FEWEST = 5;
    private static final double LIGHTEST_TAIL = 12;
    private static final double LOGS_PRIOR = 0.1;

    private final double[] latest = new double[CAPACITY];
    private final double[] rising = new double[CAPACITY];
    private int size;
    private int oldest;

    /// The surprise of a magnitude given those before it, which it then joins; 0 while there are
    /// fewer than 20.
    double learn(double magnitude) {
        double surprise = size < FEWEST ? 0 : Math.clamp(of(magnitude), 0, MOST);
        add(magnitude);
        return surprise;
    }

    private double of(double magnitude) {
        int tail = Math.max(TAIL_FEWEST, (int) (size * TAIL_SHARE));
        double threshold = rising[size - tail];
        if (magnitude > threshold && threshold > 0) {
            return beyond(magnitude, threshold, tail);
        }
        int first = position(magnitude, false);
        return first == 0 ? 0 : -Math.log10((size - first + 0.5) / (size + 1.0));
    }

    private double beyond(double magnitude, double threshold, int tail) {
        double logThreshold = Math.log(threshold);
        double logs = LOGS_PRIOR;
        for (int i = size - tail; i < size; i++) {
            logs += Math.log(rising[i]) - logThreshold;
        }
        double alpha = Math.min(LIGHTEST_TAIL, (tail + 1) / logs);
        double times = (Math.log(magnitude) - logThreshold) / Math.log(10);
        return alpha * times - Math.log10(tail / (double) size);
    }

    private void add(double magnitude) {
        if (size == CAPACITY) {
            int out = position(latest[oldest], false);
            System.arraycopy(rising, out + 1, rising, out, size - out - 1);
            size--;
        }
        int in = position(magnitude, true);
        System.arraycopy(rising, in, rising, in + 1, size - in);
        rising[in] = magnitude;
        size++;
        latest[oldest] = magnitude;
        oldest = (oldest + 1) % CAPACITY;
    }

    /// Where the first magnitude stands that is as large, or with `behind` that is larger.
    private int position(double magnitude, boolean behind) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (rising[middle] < magnitude || (behind && rising[middle] == magnitude)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(size);
        for (int i = 0; i < size; i++) {
            out.writeDouble(latest[Math.floorMod(oldest - size + i, CAPACITY)]);
        }
    }

    void read(DataInput in) throws IOException {
        size = AnomalyDetector.readSize(in, CAPACITY);
        for (int i = 0; i < size; i++) {
            latest[i] = in.readDouble();
        }
        oldest = size % CAPACITY;
        System.arraycopy(latest, 0, rising, 0, size);
        Arrays.sort(rising, 0, size);
    }
}
