package leat.ml.featurestore.online;

import java.util.Locale;

/// A question about features that is not answered, since it is wrong.
public final class FeaturesRefused extends RuntimeException {

    private final Kind kind;
    private final String remedy;

    /// What is wrong with it.
    public enum Kind {
        UNKNOWN_VIEW,
        UNKNOWN_SET,
        UNKNOWN_FEATURE,
        /// More entities than one question may have.
        TOO_MANY,
        /// The answer would be larger than one may be.
        TOO_LARGE;

        /// A word for programs, `unknown-view`.
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    FeaturesRefused(Kind kind, String message, String remedy) {
        super(message);
        this.kind = kind;
        this.remedy = remedy;
    }

    public Kind kind() {
        return kind;
    }

    /// What would be right, an imperative without a final full stop.
    public String remedy() {
        return remedy;
    }
}
