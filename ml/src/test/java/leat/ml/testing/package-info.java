/// What tests of several packages stand on.
@NullMarked
package leat.ml.testing;

import org.jspecify.annotations.NullMarked;
