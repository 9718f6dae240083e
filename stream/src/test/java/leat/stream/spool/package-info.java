@NullMarked
package leat.stream.spool;

import org.jspecify.annotations.NullMarked;
