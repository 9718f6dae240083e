@NullMarked
package leat.stream.collector.listen;

import org.jspecify.annotations.NullMarked;
