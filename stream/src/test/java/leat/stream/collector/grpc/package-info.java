/// The gRPC door with real clients, before a real broker.
@NullMarked
package leat.stream.collector.grpc;

import org.jspecify.annotations.NullMarked;
