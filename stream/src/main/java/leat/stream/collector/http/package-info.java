/// The collector's HTTP door, on Netty: requests are framed into events without building trees, and
/// answered when the log has them.
@NullMarked
package leat.stream.collector.http;

import org.jspecify.annotations.NullMarked;
