package leat.core.prediction;

import java.util.Locale;

/// In which place a version predicts.
public enum PredictionRole {
    CHAMPION,
    CANARY,
    SHADOW;

    /// `champion`, as in predictions.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
