/// What became of an event: accepted with its row, or dead with every reason. Values only.
@NullMarked
package leat.core.outcome;

import org.jspecify.annotations.NullMarked;
