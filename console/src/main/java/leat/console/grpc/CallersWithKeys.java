package leat.console.grpc;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import java.util.List;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.call.Authorization;
import leat.stream.collector.call.GrpcProblem;
import leat.stream.collector.call.GrpcProblem.RefusedCall;

/// Lets in calls with a key for the door `console`, and knows whose they are while they are
/// answered.
record CallersWithKeys(Access access) implements ServerInterceptor {

    private static final Context.Key<Caller> CALLER =
            Context.keyWithDefault("caller", Caller.ANYONE);

    /// The name of who the call of this thread is from.
    static String callerName() {
        return CALLER.get().name();
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        Caller caller;
        try {
            caller = Authorization.caller(DoorKind.CONSOLE, headers, call.getAttributes(), access);
        } catch (RefusedCall e) {
            GrpcProblem.Ending ending = e.problem().ending(List.of());
            call.close(ending.status(), ending.trailers());
            return new ServerCall.Listener<>() {};
        }
        return Contexts.interceptCall(
                Context.current().withValue(CALLER, caller), call, headers, next);
    }
}
