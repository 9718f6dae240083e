package leat.core.enrich;

import java.time.Instant;
import leat.core.validate.Row;

/// A sound event before its steps.
///
/// @param time when it happened: its own time, else one that it came with
public record TimedRow(Row row, Instant time) {}
