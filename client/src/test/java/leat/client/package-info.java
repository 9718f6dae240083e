/// The client without a collector; with one it is tested in `leat.stream.collector`.
@NullMarked
package leat.client;

import org.jspecify.annotations.NullMarked;
