package leat.ml.online;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/// Sequential k-means (MacQueen 1967): each row moves its nearest centre towards itself, by one
/// part of as many as rows have moved that centre. With at most `memory` of these, old rows fade.
public final class CentresLearner implements Learner {

    /// The parameter that says for how many rows a centre stands at most.
    public static final String MEMORY = "memory";

    private static final int FORMAT = 1;
    private static final int HEADER_BYTES = 3 * Integer.BYTES;

    private final double[][] centres;

    /// How many rows each centre stands for.
    private final long[] counts;

    private final long memory;

    private CentresLearner(double[][] centres, long[] counts, long memory) {
        this.centres = centres;
        this.counts = counts;
        this.memory = memory;
    }

    /// One with centres that were found before.
    ///
    /// @param centres in the space of scaled rows, one after the other
    /// @param counts how many rows each stands for
    public static CentresLearner of(float[] centres, long[] counts, long memory) {
        int width = centres.length / counts.length;
        double[][] points = new double[counts.length][width];
        for (int i = 0; i < centres.length; i++) {
            points[i / width][i % width] = centres[i];
        }
        return new CentresLearner(points, counts.clone(), memory);
    }

    static CentresLearner restore(byte[] state, Map<String, String> parameters) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(state);
            if (bytes.getInt() != FORMAT) {
                throw new IllegalArgumentException("no state of centres");
            }
            int count = bytes.getInt();
            int width = bytes.getInt();
            if (state.length != HEADER_BYTES + count * (width + 1L) * Double.BYTES) {
                throw new IllegalArgumentException("no state of centres");
            }
            long[] counts = new long[count];
            double[][] centres = new double[count][width];
            for (int k = 0; k < count; k++) {
                counts[k] = bytes.getLong();
                for (int j = 0; j < width; j++) {
                    centres[k][j] = bytes.getDouble();
                }
            }
            return new CentresLearner(
                    centres, counts, Long.parseLong(parameters.getOrDefault(MEMORY, "")));
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("no state of centres", e);
        }
    }

    private double square(float[] row, int centre) {
        double sum = 0;
        for (int j = 0; j < row.length; j++) {
            double away = row[j] - centres[centre][j];
            sum += away * away;
        }
        return sum;
    }

    private int nearest(float[] row) {
        int nearest = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int k = 0; k < centres.length; k++) {
            double square = square(row, k);
            if (square < least) {
                least = square;
                nearest = k;
            }
        }
        return nearest;
    }

    @Override
    public List<Object> say(OnlineRow row) {
        int nearest = nearest(row.values());
        return List.of((long) nearest, Math.sqrt(square(row.values(), nearest)));
    }

    @Override
    public void learn(OnlineRow row) {
        float[] values = row.values();
        int nearest = nearest(values);
        counts[nearest] = Math.min(counts[nearest] + 1, memory);
        double[] centre = centres[nearest];
        for (int j = 0; j < values.length; j++) {
            centre[j] += (values[j] - centre[j]) / counts[nearest];
        }
    }

    @Override
    public byte[] state() {
        int width = centres[0].length;
        ByteBuffer bytes =
                ByteBuffer.allocate(HEADER_BYTES + centres.length * (width + 1) * Double.BYTES);
        bytes.putInt(FORMAT).putInt(centres.length).putInt(width);
        for (int k = 0; k < centres.length; k++) {
            bytes.putLong(counts[k]);
            for (double value : centres[k]) {
                bytes.putDouble(value);
            }
        }
        return bytes.array();
    }
}
