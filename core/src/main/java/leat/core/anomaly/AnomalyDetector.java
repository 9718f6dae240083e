package leat.core.anomaly;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;

/// Scores the points of one metric's stream as they come: 0 is nothing new, from [#ALARM] on an
/// operator should look. There is nothing to set, and a score depends on the points before it
/// alone.
///
/// Several watchers each say how rare what they see is among what they saw before ([Surprise]): the
/// error of a blend of forecasts, at once and over the last rows; the distance from the usual
/// level; a new extreme; the distance of the last values from all stretches like them; level,
/// restlessness and stillness of stretches of three lengths; what lasts beside the usual of the
/// time of day. Their surprises are joined, and the beginning of an anomaly is let through
/// ([Onset]).
///
/// A value that is not a number or not finite scores 0 and is not learnt. Times say only where in
/// the day and week a point is, so they may be unevenly spaced, equal or run backwards. Values
/// beyond ±1e150 count as that. The state has at most 520 KiB, its snapshot half of that. Not safe
/// for threads.
public final class AnomalyDetector {

    /// The score from which on an alarm is worth its cost, where a missed anomaly costs what some
    /// ten false alarms do.
    public static final double ALARM = 0.5;

    private static final int VERSION = 1;
    private static final double LARGEST = 1e150;
    private static final double SURPRISE_AT_ALARM = 3.5;
    private static final double FAST_RATE = 0.3;
    private static final int SLOW_ROWS = 500;
    private static final int LASTING_ROWS = 10;
    private static final double LASTING_MOST = 6;
    private static final double OFF_CALENDAR_RATE = 0.1;
    private static final double HALF = 0.5;

    private final RecentValues values = new RecentValues();
    private final Calendar day = Calendar.ofQuartersOfADay();
    private final Calendar week = Calendar.ofHoursOfAWeek();
    private final Forecast forecast = new Forecast();
    private final Extremes extremes = new Extremes();
    private final Onset onset = new Onset();
    private final Surprise error = new Surprise();
    private final Surprise lastingError = new Surprise();
    private final Surprise distance = new Surprise();
    private final Surprise context = new Surprise();
    private final Surprise offCalendar = new Surprise();
    private final List<Stretch> stretches =
            List.of(new Stretch(6), new Stretch(24), new Stretch(96));
    private final ArrayDeque<Double> errorSurprises = new ArrayDeque<>();
    private long rows;
    private double fast;
    private double slow;
    private double offCalendarMean;

    /// How new what begins at this point is, from 0 to 1; the point is then learnt.
    public double score(long timestampMillis, double value) {
        if (!Double.isFinite(value)) {
            return 0;
        }
        double joined = learn(timestampMillis, Math.clamp(value, -LARGEST, LARGEST));
        double heard = onset.heard(rows - 1, joined);
        return heard / (heard + SURPRISE_AT_ALARM);
    }

    private double learn(long timestampMillis, double value) {
        rows++;
        if (rows == 1) {
            fast = value;
            slow = value;
            extremes.learn(value);
            values.add(value);
            return 0;
        }
        Joined joined = new Joined();
        double errorSurprise = error.learn(forecast.error(forecasts(timestampMillis), value));
        joined.add(errorSurprise);
        joined.add(lastingError.learn(lasting(errorSurprise)));
        joined.add(extremes.learn(value));
        joined.add(distance.learn(Math.abs(value - slow)));
        values.add(value);
        if (values.hasContexts()) {
            joined.add(context.learn(values.contextDistance()));
        }
        Stretch.Seen seen = Stretch.Seen.NOTHING;
        for (Stretch stretch : stretches) {
            seen = seen.or(stretch.learn(values, slow, extremes.range()));
        }
        joined.add(seen.level());
        joined.add(HALF * seen.restless());
        joined.add(HALF * seen.still());
        joined.add(HALF * offCalendar(timestampMillis, value));
        usual(timestampMillis, value);
        return joined.surprise();
    }

    private Forecast.Said forecasts(long timestampMillis) {
        double last = values.before(0);
        double line = values.size() > 1 ? 2 * last - values.before(1) : last;
        return new Forecast.Said(
                last,
                line,
                fast,
                slow,
                day.usual(timestampMillis, fast),
                week.usual(timestampMillis, fast));
    }

    /// The mean of the last ten surprises of the error (the thought of Numenta's anomaly
    /// likelihood: Ahmad et al. 2017, <https://doi.org/10.1016/j.neucom.2017.04.070>).
    private double lasting(double errorSurprise) {
        if (errorSurprises.size() == LASTING_ROWS) {
            errorSurprises.removeFirst();
        }
        errorSurprises.addLast(Math.min(LASTING_MOST, errorSurprise));
        double sum = 0;
        for (double surprise : errorSurprises) {
            sum += surprise;
        }
        return sum / errorSurprises.size();
    }

    private double offCalendar(long timestampMillis, double value) {
        if (!day.knows(timestampMillis)) {
            return 0;
        }
        double off = value - day.usual(timestampMillis, value);
        offCalendarMean += OFF_CALENDAR_RATE * (off - offCalendarMean);
        return offCalendar.learn(Math.abs(offCalendarMean));
    }

    private void usual(long timestampMillis, double value) {
        fast += FAST_RATE * (value - fast);
        slow += (value - slow) / Math.min(rows, SLOW_ROWS);
        day.learn(timestampMillis, value);
        week.learn(timestampMillis, value);
    }

    /// What the watchers say together: the third norm, between the loudest and the sum.
    private static final class Joined {

        private double cubes;

        void add(double surprise) {
            cubes += surprise * surprise * surprise;
        }

        double surprise() {
            return Math.cbrt(cubes);
        }
    }

    /// The whole state; a detector restored from it gives the same scores to the bit.
    public byte[] snapshot() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeInt(VERSION);
            out.writeLong(rows);
            out.writeDouble(fast);
            out.writeDouble(slow);
            out.writeDouble(offCalendarMean);
            out.writeInt(errorSurprises.size());
            for (double surprise : errorSurprises) {
                out.writeDouble(surprise);
            }
            values.write(out);
            day.write(out);
            week.write(out);
            forecast.write(out);
            extremes.write(out);
            onset.write(out);
            for (Surprise surprise : surprises()) {
                surprise.write(out);
            }
            for (Stretch stretch : stretches) {
                stretch.write(out);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("an array in memory takes all that is written", e);
        }
        return bytes.toByteArray();
    }

    /// Makes a detector from a snapshot.
    ///
    /// @throws IllegalArgumentException if the bytes are no snapshot of this version
    public static AnomalyDetector restore(byte[] snapshot) {
        AnomalyDetector detector = new AnomalyDetector();
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(snapshot))) {
            detector.read(in);
            if (in.read() >= 0) {
                throw new IOException("more bytes than a snapshot has");
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "not a snapshot of a detector, version "
                            + VERSION
                            + ": begin with a new detector",
                    e);
        }
        return detector;
    }

    private void read(DataInput in) throws IOException {
        if (in.readInt() != VERSION) {
            throw new IOException("another version");
        }
        rows = in.readLong();
        fast = in.readDouble();
        slow = in.readDouble();
        offCalendarMean = in.readDouble();
        int lasting = readSize(in, LASTING_ROWS);
        for (int i = 0; i < lasting; i++) {
            errorSurprises.addLast(in.readDouble());
        }
        values.read(in);
        day.read(in);
        week.read(in);
        forecast.read(in);
        extremes.read(in);
        onset.read(in);
        for (Surprise surprise : surprises()) {
            surprise.read(in);
        }
        for (Stretch stretch : stretches) {
            stretch.read(in);
        }
    }

    private List<Surprise> surprises() {
        return List.of(error, lastingError, distance, context, offCalendar);
    }

    static int readSize(DataInput in, int most) throws IOException {
        int size = in.readInt();
        if (size < 0 || size > most) {
            throw new IOException("a size of " + size + ", the most is " + most);
        }
        return size;
    }
}
