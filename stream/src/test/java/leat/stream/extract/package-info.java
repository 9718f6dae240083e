/// Tests of sources that are read on and on.
@NullMarked
package leat.stream.extract;

import org.jspecify.annotations.NullMarked;
