/// The ML Test Score of a model (Breck et al. 2017): its 28 tests, what of a platform is evidence
/// for them, and how it is judged. Knows no log: evidence is handed in.
@NullMarked
package leat.core.score;

import org.jspecify.annotations.NullMarked;
