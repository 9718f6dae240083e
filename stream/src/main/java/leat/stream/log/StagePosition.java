package leat.stream.log;

/// How far a stage has come in a partition.
///
/// @param offset of the next record
/// @param counts what became of the records below it
record StagePosition(long offset, Counts counts) {}
