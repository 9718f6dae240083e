@NullMarked
package leat.stream.tls;

import org.jspecify.annotations.NullMarked;
