package leat.core.score;

import java.time.LocalDate;

/// That somebody has done a test by hand, and where that can be read.
///
/// @param done what was done
/// @param link where it is written down
/// @param by who did it
public record Answer(ScoreTest test, String done, String link, String by, LocalDate date) {

    /// So many days it counts.
    public static final int DAYS = 365;

    /// Whether it still counts on a day.
    boolean holds(LocalDate today) {
        return !today.isAfter(date.plusDays(DAYS)) && !date.isAfter(today);
    }

    /// In one line.
    @Override
    public String toString() {
        return done + " (" + by + ", " + date + ", " + link + ")";
    }
}
