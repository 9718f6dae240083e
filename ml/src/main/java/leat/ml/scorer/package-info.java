/// The scorer: feature vectors to predictions, on a Stage. Which version predicts from which
/// position on is recorded with the predictions; `docs/decisions/scoring.md` tells how.
@NullMarked
package leat.ml.scorer;

import org.jspecify.annotations.NullMarked;
