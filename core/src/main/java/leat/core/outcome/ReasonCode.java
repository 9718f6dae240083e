package leat.core.outcome;

/// Why an event was refused, as a word that stands in dead letters, answers and metrics. The words
/// are part of the user's surface: they are added to, never renamed.
public enum ReasonCode {
    MALFORMED("malformed"),
    ENCODING("encoding"),
    NOT_AN_OBJECT("not-an-object"),
    DUPLICATE_KEY("duplicate-key"),
    TOO_DEEP("too-deep"),
    TOO_LARGE("too-large"),
    MISSING("missing"),
    NULL("null"),
    TYPE("type"),
    UNKNOWN_FIELD("unknown-field"),
    ADDED_FIELD("added-field"),
    ENUM("enum"),
    RANGE("range"),
    LENGTH("length"),
    PATTERN("pattern"),
    FORMAT("format"),
    MULTIPLE_OF("multiple-of"),
    UNIQUE_ITEMS("unique-items"),
    TIME_ZONE("time-zone"),
    TIME_BOUNDS("time-bounds"),
    /// The event's key is not the one that it was addressed to.
    KEY_MISMATCH("key-mismatch"),
    EXPRESSION("expression"),
    /// An enrichment step got no answer, or none that fits.
    ENRICHMENT("enrichment"),
    /// The event breaks a quality rule that quarantines.
    QUALITY("quality"),
    REFUSED_BY_SEARCH("refused-by-search"),
    REFUSED_BY_LAKE("refused-by-lake"),
    INTERNAL("internal");

    private final String word;

    ReasonCode(String word) {
        this.word = word;
    }

    /// The word, e.g. `unknown-field`.
    public String word() {
        return word;
    }
}
