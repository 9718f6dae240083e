/// Programs that learn, of whatever language: they are given rows as a file, started with a time
/// limit and a bounded memory of what they write, and leave a model in ONNX, which is checked.
/// Knows processes and files of this machine; of the log, nothing.
@NullMarked
package leat.ml.training.command;

import org.jspecify.annotations.NullMarked;
