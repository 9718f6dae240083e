package leat.core.quality;

import leat.core.validate.Row;

/// An event as rules see it.
///
/// @param row of the contract's fields for an enriched event, of [DeadEvent#FIELDS] for a dead one
/// @param dead whether it is a dead letter
/// @param eventMicros when it happened; for a dead letter when it was appended
/// @param appendMicros when it was appended to raw
public record Seen(Row row, boolean dead, long eventMicros, long appendMicros) {}
