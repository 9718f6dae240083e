/// What programs ask over gRPC.
@NullMarked
package leat.console.grpc;

import org.jspecify.annotations.NullMarked;
