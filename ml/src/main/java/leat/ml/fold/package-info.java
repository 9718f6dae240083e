/// A state that many processes read and change through the log: it is folded from a compacted topic
/// of one partition, and one process at a time writes to it. What the state is and what may be
/// written is decided elsewhere.
@NullMarked
package leat.ml.fold;

import org.jspecify.annotations.NullMarked;
