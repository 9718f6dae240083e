@NullMarked
package leat.core.encoding;

import org.jspecify.annotations.NullMarked;
