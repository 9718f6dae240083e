/// The processes that a measurement starts beside its own.
@NullMarked
package leat.bench.process;

import org.jspecify.annotations.NullMarked;
