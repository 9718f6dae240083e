/// Experiments and runs in the log: the topics, who writes to them, and the state that is folded
/// from them. What may be written is decided in [leat.core.tracking].
@NullMarked
package leat.ml.tracking;

import org.jspecify.annotations.NullMarked;
