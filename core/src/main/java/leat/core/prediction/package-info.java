/// What is predicted of a feature view's vectors: the definition, which version answers for whom,
/// the contract of predictions and their JSON. Knows no runtime of models.
@NullMarked
package leat.core.prediction;

import org.jspecify.annotations.NullMarked;
