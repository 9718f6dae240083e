/// The gRPC door: `leat.collector.v1.Collector`, health and reflection. Turns calls into batches
/// for the intake and receipts into replies, and reads from a call no more than it may hold. Shares
/// nothing with the other doors but the intake and who may use it.
@NullMarked
package leat.stream.collector.grpc;

import org.jspecify.annotations.NullMarked;
