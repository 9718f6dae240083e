/// Experiments and their runs, as a fold of the records of a compacted topic, with the rules of
/// MLflow's tracking: what a command writes is decided here. Nothing here reads or writes a log,
/// and nothing knows HTTP or JSON.
@NullMarked
package leat.core.tracking;

import org.jspecify.annotations.NullMarked;
