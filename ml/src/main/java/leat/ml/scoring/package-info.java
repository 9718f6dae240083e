/// Models at work: ONNX files opened in this process, and which version answers. Knows ONNX
/// Runtime; nobody else does.
@NullMarked
package leat.ml.scoring;

import org.jspecify.annotations.NullMarked;
