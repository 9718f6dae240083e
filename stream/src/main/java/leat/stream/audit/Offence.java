package leat.stream.audit;

/// What can be wrong.
public enum Offence {
    ACKNOWLEDGED_MISSING("acknowledged-missing", "was acknowledged, but is not in the raw topic"),
    OUTPUT_MISSING(
            "output-missing", "has neither an enriched event, nor a prediction, nor a dead letter"),
    OUTPUT_DOUBLED("output-doubled", "has more than one output"),
    OUTPUT_WITHOUT_RAW(
            "output-without-raw",
            "is named by an output, but no raw record of this event is there"),
    DUPLICATE_LET_THROUGH("duplicate-let-through", "is a duplicate and has an output"),
    POSITION_UNKNOWN("position-unknown", "carries no position in this raw topic"),
    VERSION_UNEXPECTED(
            "version-unexpected",
            "is a prediction by another version than the record of swaps has at its vector"),
    WRONG_PARTITION("wrong-partition", "stands in another partition than its raw record"),
    ROW_MISSING("row-missing", "is below the lake loader's position, but not in the lake"),
    ROW_DOUBLED("row-doubled", "is in the lake more than once"),
    ROW_EXTRA("row-extra", "is in the lake without an event or dead letter in the log"),
    ROW_BEYOND_POSITION("row-beyond-position", "is in the lake at or above the loader's position"),
    ROW_AND_REFUSED("row-and-refused", "is in the lake and was refused by it"),
    DOCUMENT_MISSING(
            "document-missing", "is below the search loader's position, but not searchable"),
    DOCUMENT_EXTRA("document-extra", "is searchable without an event or dead letter in the log"),
    OTHER_TOPIC("other-topic", "is filled from a topic that was deleted and made again");

    private final String word;
    private final String meaning;

    Offence(String word, String meaning) {
        this.word = word;
        this.meaning = meaning;
    }

    /// The word in JSON; part of the user's surface.
    public String word() {
        return word;
    }

    /// How the sentence goes on that begins with the position.
    public String meaning() {
        return meaning;
    }
}
