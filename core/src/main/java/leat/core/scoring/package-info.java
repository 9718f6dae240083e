/// What a model is to those who ask it: named inputs and outputs of tensors, rows of features that
/// become them, and what is taken of the outputs. Knows no format of models and no runtime.
@NullMarked
package leat.core.scoring;

import org.jspecify.annotations.NullMarked;
