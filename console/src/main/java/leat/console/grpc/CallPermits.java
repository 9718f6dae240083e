package leat.console.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import leat.stream.collector.call.GrpcProblem;

/// Refuses calls beyond a number of them at a time, before it reads what they ask. A call that is
/// let in counts until it is answered or given up.
final class CallPermits implements ServerInterceptor {

    private static final long RETRY_MILLIS = 1_000;

    private final int most;
    private final Semaphore free;

    CallPermits(int most) {
        this.most = most;
        this.free = new Semaphore(most);
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        if (!free.tryAcquire()) {
            GrpcProblem.Ending ending =
                    new GrpcProblem(
                                    Status.Code.RESOURCE_EXHAUSTED,
                                    "too-busy",
                                    "as many calls as may be are being answered, " + most,
                                    "send again after the delay of RetryInfo",
                                    RETRY_MILLIS)
                            .ending(List.of());
            call.close(ending.status(), ending.trailers());
            return new ServerCall.Listener<>() {};
        }
        Permit permit = new Permit();
        return new Leaving<>(next.startCall(new Answered<>(call, permit), headers), permit);
    }

    /// Of one call.
    private final class Permit {

        private final AtomicBoolean held = new AtomicBoolean(true);

        void release() {
            if (held.compareAndSet(true, false)) {
                free.release();
            }
        }
    }

    /// Whoever has the answer may ask the next at once.
    private static final class Answered<A, B> extends SimpleForwardingServerCall<A, B> {

        private final Permit permit;

        Answered(ServerCall<A, B> call, Permit permit) {
            super(call);
            this.permit = permit;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            permit.release();
            super.close(status, trailers);
        }
    }

    private static final class Leaving<A> extends SimpleForwardingServerCallListener<A> {

        private final Permit permit;

        Leaving(ServerCall.Listener<A> listener, Permit permit) {
            super(listener);
            this.permit = permit;
        }

        @Override
        public void onCancel() {
            permit.release();
            super.onCancel();
        }
    }
}
