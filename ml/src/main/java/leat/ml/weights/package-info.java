/// Weights without the model that they are for: files of named tensors, and ONNX models whose
/// initializers are exchanged for them. Knows the formats, and no registry.
@NullMarked
package leat.ml.weights;

import org.jspecify.annotations.NullMarked;
