/// Training: vectors and labels are read from the log, checked and split by time, models are
/// fitted, judged, logged as a run and registered as a version. What is wanted is said in
/// [leat.core.training], what learns is in [leat.ml.training.algorithm].
@NullMarked
package leat.ml.training;

import org.jspecify.annotations.NullMarked;
