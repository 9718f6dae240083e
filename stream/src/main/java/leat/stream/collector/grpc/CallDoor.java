package leat.stream.collector.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import leat.stream.collector.EventIntake;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.call.Authorization;
import leat.stream.collector.call.GrpcProblem.RefusedCall;

/// The door as its calls see it: what they share.
///
/// @param calls that are open, of all services
record CallDoor(
        EventIntake intake,
        GrpcSettings settings,
        ScheduledExecutorService threads,
        GrpcMetrics metrics,
        Set<OpenCall> calls) {

    /// Lets a call in, while there are not too many open.
    ///
    /// @throws RefusedCall when there are, or nobody may come in like this
    Caller admit(ServerCall<?, ?> call, Metadata headers) throws RefusedCall {
        if (calls.size() >= settings.maxCalls()) {
            throw new RefusedCall(Refusals.tooBusy("open calls"));
        }
        return Authorization.caller(DoorKind.GRPC, headers, call.getAttributes(), intake.access());
    }
}
