/// What servers of gRPC have in common: who calls, and how a call is refused.
@NullMarked
package leat.stream.collector.call;

import org.jspecify.annotations.NullMarked;
