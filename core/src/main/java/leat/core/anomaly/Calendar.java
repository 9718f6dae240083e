package leat.core.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// What is usual at a time of a cycle, of UTC: a mean a slot in which later values weigh more.
final class Calendar {

    private static final double WEIGHT = 0.3;

    private final long cycleMillis;
    private final double[] usual;
    private final boolean[] known;

    private Calendar(long cycleMillis, int slots) {
        this.cycleMillis = cycleMillis;
        this.usual = new double[slots];
        this.known = new boolean[slots];
    }

    static Calendar ofQuartersOfADay() {
        return new Calendar(86_400_000L, 96);
    }

    static Calendar ofHoursOfAWeek() {
        return new Calendar(7 * 86_400_000L, 168);
    }

    boolean knows(long timestampMillis) {
        return known[slot(timestampMillis)];
    }

    /// What is usual at that time, or `otherwise` before the slot's first value.
    double usual(long timestampMillis, double otherwise) {
        int slot = slot(timestampMillis);
        return known[slot] ? usual[slot] : otherwise;
    }

    void learn(long timestampMillis, double value) {
        int slot = slot(timestampMillis);
        usual[slot] = known[slot] ? usual[slot] + WEIGHT * (value - usual[slot]) : value;
        known[slot] = true;
    }

    private int slot(long timestampMillis) {
        return (int) (Math.floorMod(timestampMillis, cycleMillis) / (cycleMillis / usual.length));
    }

    void write(DataOutput out) throws IOException {
        for (int i = 0; i < usual.length; i++) {
            out.writeBoolean(known[i]);
            out.writeDouble(usual[i]);
        }
    }

    void read(DataInput in) throws IOException {
        for (int i = 0; i < usual.length; i++) {
            known[i] = in.readBoolean();
            usual[i] = in.readDouble();
        }
    }
}
