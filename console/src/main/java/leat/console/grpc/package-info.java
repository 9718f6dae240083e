/// What programs ask over gRPC: features, and models in the Open Inference Protocol.
@NullMarked
package leat.console.grpc;

import org.jspecify.annotations.NullMarked;
