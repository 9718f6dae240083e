package leat.core.score;

import java.util.Locale;

/// The four groups of tests, of seven each.
public enum Section {
    DATA,
    MODEL,
    INFRASTRUCTURE,
    MONITORING;

    /// `data`, as in JSON.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
