package leat.core.anomaly;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Judges scores of labelled streams as the Numenta Anomaly Benchmark does, by its published
/// description (Lavin and Ahmad 2015, <https://arxiv.org/abs/1510.03336>): the first alarm in a
/// window earns the more the earlier it comes, a window without one costs 1, every alarm outside
/// costs 0.11 and less just behind a window; one threshold for all streams, the best; 0 is a
/// detector that is always silent, 100 one that is always right at once.
final class AlarmScoring {

    private static final double FALSE_ALARM_COST = 0.11;
    private static final double LEARNING_SHARE = 0.15;
    private static final int LEARNING_ROWS_MAX = 750;
    private static final double STEEPNESS = 5;

    private final List<Weighed> rows = new ArrayList<>();
    private int windows;

    /// A row's score, what an alarm there is worth, and the window it would find (-1: none).
    private record Weighed(double score, double worth, int window) {}

    /// The best sum over all thresholds, from 0 to 100, with what it consists of.
    record Verdict(double points, double threshold, int found, int windows, int falseAlarms) {}

    void add(LabelledStream stream, double[] scores) {
        int learning = learningRows(stream.length());
        int next = 0;
        for (int row = 0; row < scores.length; row++) {
            while (next < stream.windows.size() && stream.windows.get(next).last() < row) {
                next++;
            }
            if (row < learning) {
                continue;
            }
            if (next < stream.windows.size() && stream.windows.get(next).first() <= row) {
                LabelledStream.Window window = stream.windows.get(next);
                int width = window.last() - window.first() + 1;
                double position = -(window.last() - row + 1) / (double) width;
                rows.add(new Weighed(scores[row], sigmoid(position) / sigmoid(-1), windows + next));
            } else {
                rows.add(
                        new Weighed(scores[row], FALSE_ALARM_COST * behind(stream, next, row), -1));
            }
        }
        windows += stream.windows.size();
    }

    static int learningRows(int length) {
        return (int) Math.min(LEARNING_SHARE * length, LEARNING_ROWS_MAX);
    }

    private static double behind(LabelledStream stream, int next, int row) {
        if (next == 0) {
            return -1;
        }
        LabelledStream.Window before = stream.windows.get(next - 1);
        int width = before.last() - before.first() + 1;
        double position = (row - before.last()) / (double) Math.max(1, width - 1);
        return position > 3 ? -1 : sigmoid(position);
    }

    private static double sigmoid(double position) {
        return 2 / (1 + Math.exp(STEEPNESS * position)) - 1;
    }

    Verdict best() {
        List<Weighed> falling = new ArrayList<>(rows);
        falling.sort(Comparator.comparingDouble(Weighed::score).reversed());
        double[] earned = new double[windows];
        boolean[] found = new boolean[windows];
        double sum = -windows;
        int hits = 0;
        int alarms = 0;
        Verdict best = new Verdict(0, Double.POSITIVE_INFINITY, 0, windows, 0);
        for (int i = 0; i < falling.size(); i++) {
            Weighed row = falling.get(i);
            if (row.window() < 0) {
                sum += row.worth();
                alarms++;
            } else if (!found[row.window()]) {
                found[row.window()] = true;
                hits++;
                earned[row.window()] = row.worth();
                sum += 1 + row.worth();
            } else if (row.worth() > earned[row.window()]) {
                sum += row.worth() - earned[row.window()];
                earned[row.window()] = row.worth();
            }
            boolean tied = i + 1 < falling.size() && falling.get(i + 1).score() == row.score();
            double points = 100 * (sum + windows) / (2 * windows);
            if (!tied && points > best.points()) {
                best = new Verdict(points, row.score(), hits, windows, alarms);
            }
        }
        return best;
    }
}
