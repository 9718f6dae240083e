package leat.stream.send;

/// One row of an input, as the JSON that is sent.
final class SourceRow {

    private final long line;
    private final byte[] json;
    private final boolean tooLarge;

    private SourceRow(long line, byte[] json, boolean tooLarge) {
        this.line = line;
        this.json = json;
        this.tooLarge = tooLarge;
    }

    /// @param line where the row begins, counted from 1: the line of a text file, the row of a
    ///   Parquet file
    /// @param json the value's bytes without line breaks; not copied
    SourceRow(long line, byte[] json) {
        this(line, json, false);
    }

    /// A row beyond [RowReader#MAX_ROW_BYTES], which is counted and not sent.
    static SourceRow oversized(long line) {
        return new SourceRow(line, new byte[0], true);
    }

    long line() {
        return line;
    }

    /// The bytes to send; empty when [#tooLarge].
    byte[] json() {
        return json;
    }

    boolean tooLarge() {
        return tooLarge;
    }
}
