/// Writes graphs of operators as ONNX files, byte for byte the same each time. Knows the format,
/// and nothing of learning.
@NullMarked
package leat.ml.training.onnx;

import org.jspecify.annotations.NullMarked;
