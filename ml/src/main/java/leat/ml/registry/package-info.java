/// Registered models, logged models and the files of both in the log: the topics, who writes to
/// them, and the states that are folded from them; and [leat.ml.registry.Models], by which other
/// programs of the platform find a version and read its files. What may be written is decided in
/// [leat.core.model] and [leat.core.artifact].
@NullMarked
package leat.ml.registry;

import org.jspecify.annotations.NullMarked;
