package leat.stream.collector.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import leat.stream.collector.InFlight;

/// Counts the bytes of a call's message among all that the collector holds while it is still being
/// read, since gRPC puts messages together in memory of its own; ends calls for which none is left.
final class InboundBytes extends ServerStreamTracer {

    private static final Context.Key<InboundBytes> KEY = Context.key("inbound-bytes");
    private static final ServerStreamTracer UNCOUNTED = new ServerStreamTracer() {};

    private final InFlight bytesInFlight;
    private final AtomicLong taken = new AtomicLong();
    private volatile long sinceNanos;

    private InboundBytes(InFlight bytesInFlight) {
        this.bytesInFlight = bytesInFlight;
    }

    /// Counts the calls of one service.
    static ServerStreamTracer.Factory factory(String service, InFlight bytesInFlight) {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                return method.startsWith(service + "/")
                        ? new InboundBytes(bytesInFlight)
                        : UNCOUNTED;
            }
        };
    }

    /// Those of the call that is being started on this thread.
    static InboundBytes current() {
        return Objects.requireNonNull(KEY.get(), "a call of the collector is counted");
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    /// Called as bytes of a message are read, and before more are let in.
    @Override
    public void inboundWireSize(long bytes) {
        if (!bytesInFlight.tryTake(bytes)) {
            // Of an exception from here gRPC tells the client the status only. Without details it
            // must be one that says by itself that the same may be sent again.
            throw Status.UNAVAILABLE
                    .withDescription(
                            "the collector holds as many bytes of unanswered requests as it may;"
                                    + " send again later")
                    .asRuntimeException();
        }
        if (taken.getAndAdd(bytes) == 0) {
            sinceNanos = System.nanoTime() | 1;
        }
    }

    /// Hands the bytes of the message that is complete to its receiver, who gives them back.
    long claim() {
        sinceNanos = 0;
        return taken.getAndSet(0);
    }

    /// For how long a message has been arriving; 0 when none is.
    long arrivingNanos(long nowNanos) {
        long since = sinceNanos;
        return since == 0 ? 0 : nowNanos - since;
    }

    @Override
    public void streamClosed(Status status) {
        bytesInFlight.giveBack(claim());
    }
}
