package leat.launcher.cli;

import java.util.Locale;

/// How far a training is, with its rate and the time left.
final class TrainingLine {

    private final ProgressLine line;
    private String phase = "";
    private long begunNanos;

    TrainingLine(ProgressLine line) {
        this.line = line;
    }

    void show(String newPhase, long done, long total) {
        if (!newPhase.equals(phase)) {
            phase = newPhase;
            begunNanos = System.nanoTime();
        }
        line.show(text(phase, done, total, (System.nanoTime() - begunNanos) / 1e9));
    }

    /// @param seconds since the phase began
    static String text(String phase, long done, long total, double seconds) {
        if (total <= 1) {
            return phase;
        }
        String text = String.format(Locale.ROOT, "%s: %,d of %,d", phase, done, total);
        if (done <= 0 || seconds < 0.5) {
            return text;
        }
        double rate = done / seconds;
        return text
                + String.format(Locale.ROOT, ", %,.0f/s, %.0f s left", rate, (total - done) / rate);
    }
}
