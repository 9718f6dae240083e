@NullMarked
package leat.stream.collector.access;

import org.jspecify.annotations.NullMarked;
