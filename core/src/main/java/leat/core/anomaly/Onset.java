package leat.core.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// Lets the beginning of an anomaly through and mutes what follows it: for a time, only what is
/// more surprising than the last beginning is another one. The time grows with the stream, and what
/// is asked fades over it, so that a stream does not cry each hour what is usual by now.
final class Onset {

    private static final int SHORTEST_ROWS = 100;
    private static final double SHARE_OF_STREAM = 0.05;
    private static final double MORE = 1.05;
    private static final double MUTED = 0.1;

    private double strength;
    private long row = Long.MIN_VALUE / 2;

    double heard(long at, double surprise) {
        double span = Math.max(SHORTEST_ROWS, Math.floor(at * SHARE_OF_STREAM));
        double age = (at - row) / span;
        double asked = age < 1 ? strength * (1 - age * age * age * age) : 0;
        if (surprise > MORE * asked) {
            strength = surprise;
            row = at;
            return surprise;
        }
        return MUTED * surprise;
    }

    void write(DataOutput out) throws IOException {
        out.writeDouble(strength);
        out.writeLong(row);
    }

    void read(DataInput in) throws IOException {
        strength = in.readDouble();
        row = in.readLong();
    }
}
