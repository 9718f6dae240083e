/// Sending of files, tested with real files and a collector that misbehaves.
@NullMarked
package leat.stream.send;

import org.jspecify.annotations.NullMarked;
