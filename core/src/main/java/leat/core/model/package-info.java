/// Registered models, their versions and aliases, and the models that runs have logged, as a fold
/// of the records of a compacted topic, with the rules of MLflow's registry: what a command writes
/// is decided here. Nothing here reads or writes a log, and nothing knows HTTP or JSON.
@NullMarked
package leat.core.model;

import org.jspecify.annotations.NullMarked;
