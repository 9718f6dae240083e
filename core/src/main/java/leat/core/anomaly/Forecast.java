package leat.core.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/// The next value as simple forecasters see it together: those that erred less of late weigh more.
final class Forecast {

    private static final int FORECASTERS = 6;
    private static final int SETTLED_ROWS = 200;

    private final double[] said = new double[FORECASTERS];
    private final double[] meanErrors = new double[FORECASTERS];
    private long rows;

    /// What each forecaster says of the next value.
    ///
    /// @param last the last value
    /// @param line where a straight line through the last two leads
    /// @param fast a mean of the last few values
    /// @param slow a mean of many
    /// @param daily what is usual at this time of day
    /// @param weekly what is usual at this hour of the week
    record Said(double last, double line, double fast, double slow, double daily, double weekly) {}

    /// How far the value is from the forecast; it is then learnt who was right.
    double error(Said forecasts, double value) {
        take(forecasts);
        double best = Double.MAX_VALUE;
        for (double error : meanErrors) {
            best = Math.min(best, error + Double.MIN_NORMAL);
        }
        double weights = 0;
        double sum = 0;
        for (int i = 0; i < FORECASTERS; i++) {
            double share = best / (meanErrors[i] + Double.MIN_NORMAL);
            double weight = share * share * share * share;
            weights += weight;
            sum += weight * said[i];
        }
        rows++;
        double rate = 1.0 / Math.min(rows, SETTLED_ROWS);
        for (int i = 0; i < FORECASTERS; i++) {
            meanErrors[i] += rate * (Math.abs(value - said[i]) - meanErrors[i]);
        }
        return Math.abs(value - sum / weights);
    }

    private void take(Said forecasts) {
        said[0] = forecasts.last();
        said[1] = forecasts.line();
        said[2] = forecasts.fast();
        said[3] = forecasts.slow();
        said[4] = forecasts.daily();
        said[5] = forecasts.weekly();
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(rows);
        for (double error : meanErrors) {
            out.writeDouble(error);
        }
    }

    void read(DataInput in) throws IOException {
        rows = in.readLong();
        for (int i = 0; i < FORECASTERS; i++) {
            meanErrors[i] = in.readDouble();
        }
    }
}
