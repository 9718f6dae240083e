/// What learns from rows of numbers: algorithms, their parameters, and what they give, a model in
/// ONNX. The same rows, parameters and seed give the same bytes. Knows no log, no files and no
/// clock.
@NullMarked
package leat.ml.training.algorithm;

import org.jspecify.annotations.NullMarked;
