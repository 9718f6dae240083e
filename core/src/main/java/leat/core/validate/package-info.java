/// The compiled contract: JSON bytes in, typed row or reasons out, in a single pass.
@NullMarked
package leat.core.validate;

import org.jspecify.annotations.NullMarked;
