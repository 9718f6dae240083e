@NullMarked
package leat.stream.collector.tls;

import org.jspecify.annotations.NullMarked;
