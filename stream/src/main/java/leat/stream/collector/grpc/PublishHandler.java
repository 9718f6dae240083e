package leat.stream.collector.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import java.util.List;
import java.util.function.BooleanSupplier;
import leat.collector.v1.PublishRequest;
import leat.stream.collector.access.Caller;
import leat.stream.collector.call.GrpcProblem;
import leat.stream.collector.call.GrpcProblem.RefusedCall;

/// Lets the calls of one method in: as many as may be open, of those who may come in.
///
/// @param stopping whether the door is being closed
record PublishHandler<A>(Answers.Method<A> method, CallDoor door, BooleanSupplier stopping)
        implements ServerCallHandler<PublishRequest, A> {

    ServerMethodDefinition<PublishRequest, A> definition() {
        return ServerMethodDefinition.create(method.descriptor(), this);
    }

    @Override
    public ServerCall.Listener<PublishRequest> startCall(
            ServerCall<PublishRequest, A> call, Metadata headers) {
        try {
            Caller caller = door.admit(call, headers);
            PublishCall<A> publish =
                    new PublishCall<>(
                            new PublishCall.Parts<>(
                                    call, method, caller, InboundBytes.current(), door));
            publish.start();
            if (stopping.getAsBoolean()) {
                publish.drain();
            }
            return publish;
        } catch (RefusedCall e) {
            GrpcProblem.Ending ending = e.problem().ending(List.of());
            door.metrics().ended(method.name(), ending.status().getCode());
            call.close(ending.status(), ending.trailers());
            return new ServerCall.Listener<>() {};
        }
    }
}
