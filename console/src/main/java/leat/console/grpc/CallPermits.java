package leat.console.grpc;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import leat.stream.collector.call.GrpcProblem;

/// Refuses calls beyond a number of them at a time, before it reads what they ask. A call that is
/// let in counts until it is answered or given up; one that has not asked anything for long is
/// ended once others would be refused for it.
final class CallPermits implements ServerInterceptor {

    /// The largest request takes so long on a line of 7 Mbit/s.
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final long RETRY_MILLIS = 1_000;

    private final int most;
    private final LongSupplier nanos;
    private final Semaphore free;

    /// Those whose request has not come yet. Whoever takes one out of it decides what becomes of
    /// it.
    private final Set<Permit> silent = ConcurrentHashMap.newKeySet();

    CallPermits(int most) {
        this(most, System::nanoTime);
    }

    /// @param nanos the time that goes by
    CallPermits(int most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
        this.free = new Semaphore(most);
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        if (!free.tryAcquire() && !(endSilent() && free.tryAcquire())) {
            close(
                    call,
                    new GrpcProblem(
                            Status.Code.RESOURCE_EXHAUSTED,
                            "too-busy",
                            "as many calls as may be are being answered, " + most,
                            "send again after the delay of RetryInfo",
                            RETRY_MILLIS));
            return new ServerCall.Listener<>() {};
        }
        Permit permit = new Permit(call);
        silent.add(permit);
        return new Asking<>(next.startCall(new Answered<>(call, permit), headers), permit);
    }

    private static void close(ServerCall<?, ?> call, GrpcProblem problem) {
        GrpcProblem.Ending ending = problem.ending(List.of());
        call.close(ending.status(), ending.trailers());
    }

    /// @return whether there was one
    private boolean endSilent() {
        boolean any = false;
        for (Permit permit : silent) {
            any |= permit.endIfSilent();
        }
        return any;
    }

    /// Of one call.
    private final class Permit {

        private final ServerCall<?, ?> call;
        private final long began = nanos.getAsLong();
        private final AtomicBoolean held = new AtomicBoolean(true);

        Permit(ServerCall<?, ?> call) {
            this.call = call;
        }

        /// @return false where it was ended before
        boolean asks() {
            return silent.remove(this);
        }

        boolean endIfSilent() {
            boolean ends = nanos.getAsLong() - began > PATIENCE.toNanos() && silent.remove(this);
            if (ends) {
                close(
                        call,
                        new GrpcProblem(
                                Status.Code.DEADLINE_EXCEEDED,
                                "no-request",
                                "the call has not sent its request for "
                                        + PATIENCE.toSeconds()
                                        + " s, and others wait",
                                "send the request with the call",
                                0));
                release();
            }
            return ends;
        }

        void release() {
            silent.remove(this);
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

    private static final class Asking<A> extends SimpleForwardingServerCallListener<A> {

        private final Permit permit;
        private boolean hasAsked;

        Asking(ServerCall.Listener<A> listener, Permit permit) {
            super(listener);
            this.permit = permit;
        }

        private boolean asks() {
            hasAsked = hasAsked || permit.asks();
            return hasAsked;
        }

        @Override
        public void onMessage(A message) {
            if (asks()) {
                super.onMessage(message);
            }
        }

        @Override
        public void onHalfClose() {
            if (asks()) {
                super.onHalfClose();
            }
        }

        @Override
        public void onCancel() {
            permit.release();
            super.onCancel();
        }
    }
}
