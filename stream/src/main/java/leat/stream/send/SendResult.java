package leat.stream.send;

import java.time.Duration;
import java.util.List;

/// What became of the rows.
///
/// @param rows the collector answered for, interrupted runs that were continued included
/// @param accepted are in the log; whether one is a duplicate the enricher finds later
/// @param dead are in the log too, as dead letters with their reasons
/// @param refused are nowhere, since they could not even be kept as dead letters
/// @param resumed those of the rows that an earlier, interrupted run had sent
/// @param repeatable whether sending the same again is found as duplicates; false for a stream
///   without a key
/// @param complete false when it was stopped; the same command continues
/// @param rejections the dead and refused by reason, the most frequent first
public record SendResult(
        long rows,
        long accepted,
        long dead,
        long refused,
        long resumed,
        boolean repeatable,
        boolean complete,
        List<Rejection> rejections,
        Duration elapsed) {

    public SendResult {
        rejections = List.copyOf(rejections);
    }

    /// Rows of this run per second.
    public double rowsPerSecond() {
        double seconds = elapsed.toNanos() / 1e9;
        return seconds <= 0 ? 0 : (rows - resumed) / seconds;
    }

    /// Rows with one reason in one field; a row with several reasons counts in each.
    ///
    /// @param code a word of [leat.core.outcome.ReasonCode]
    /// @param field the field's path; empty for the row as a whole
    /// @param examples the first few
    public record Rejection(String code, String field, long count, List<Example> examples) {
        public Rejection {
            examples = List.copyOf(examples);
        }
    }

    /// One rejected row.
    ///
    /// @param line where it begins in the input, counted from 1
    public record Example(String input, long line, String message) {}
}
