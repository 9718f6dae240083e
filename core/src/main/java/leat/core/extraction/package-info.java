/// How far sources outside of the log have been read, as a fold: pure decisions, no readers.
@NullMarked
package leat.core.extraction;

import org.jspecify.annotations.NullMarked;
