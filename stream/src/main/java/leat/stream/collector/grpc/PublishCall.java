package leat.stream.collector.grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import leat.collector.v1.PublishReply;
import leat.collector.v1.PublishRequest;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.EventIntake;
import leat.stream.collector.Receipt;
import leat.stream.collector.access.Caller;
import leat.stream.collector.call.GrpcProblem;
import leat.stream.collector.call.GrpcProblem.RefusedCall;
import org.jspecify.annotations.Nullable;

/// One call: reads a request when it may hold another, hands it over, and answers in the order of
/// the requests.
///
/// A stream is never refused for its rate: beyond a quota, or while the collector is full, the
/// request that was read waits here and no more is read, which gRPC's flow control passes on to the
/// client. Receipts come on the producer's thread, which is not held up: they are worked on by the
/// door's threads, under this object's lock.
final class PublishCall<A> extends ServerCall.Listener<PublishRequest> implements OpenCall {

    private static final long RETRY_MILLIS = 20;

    private final Parts<A> parts;
    private final Answers<A> answers;

    /// Requests that have been handed over or are refused, the first first.
    private final Deque<Pending> open = new ArrayDeque<>();

    /// The request that waits for a quota or for room, or for the end of a call that has one only;
    /// while it does none is read.
    private @Nullable Pending waiting;

    private boolean reading;
    private boolean received;
    private boolean halfClosed;
    private boolean refusing;
    private boolean draining;
    private boolean headersSent;
    private boolean ended;
    private boolean onTimer;
    private long unreadSinceNanos;
    private final long startNanos = System.nanoTime();

    /// What a call is made of.
    ///
    /// @param door what it shares with other calls
    record Parts<A>(
            ServerCall<PublishRequest, A> call,
            Answers.Method<A> method,
            Caller caller,
            InboundBytes inbound,
            CallDoor door) {

        EventIntake intake() {
            return door.intake();
        }
    }

    /// A request on its way.
    private static final class Pending {
        private final @Nullable IncomingRequest request;
        private final long bytes;
        private boolean counted;
        private @Nullable GrpcProblem problem;
        private @Nullable Receipt receipt;

        Pending(@Nullable IncomingRequest request, long bytes) {
            this.request = request;
            this.bytes = bytes;
        }

        boolean done() {
            return problem != null || receipt != null;
        }
    }

    PublishCall(Parts<A> parts) {
        this.parts = parts;
        this.answers = parts.method().kind().open();
    }

    /// Begins to read.
    synchronized void start() {
        parts.door().calls().add(this);
        readOn();
    }

    @Override
    public synchronized void onMessage(PublishRequest message) {
        reading = false;
        long bytes = parts.inbound().claim();
        long unpacked = message.getSerializedSize() - bytes;
        if (unpacked > 0 && !parts.intake().bytesInFlight().tryTake(unpacked)) {
            refuse(new Pending(null, bytes), Refusals.tooBusy("bytes of unanswered requests"));
            return;
        }
        if (ended) {
            release(new Pending(null, Math.max(bytes, message.getSerializedSize())));
            return;
        }
        take(message, Math.max(bytes, message.getSerializedSize()));
    }

    private void take(PublishRequest message, long bytes) {
        if (parts.method().single() && received) {
            forgetWaiting();
            refuse(
                    new Pending(null, bytes),
                    GrpcProblem.invalid(
                            "one-request", "the call has several requests", "send one"));
            return;
        }
        received = true;
        try {
            IncomingRequest request =
                    IncomingRequest.of(message, parts.intake().inlets(), parts.intake().limits());
            Pending pending = new Pending(request, bytes);
            if (parts.method().single()) {
                waiting = pending;
            } else {
                handOver(pending);
                goOn();
            }
        } catch (RefusedCall e) {
            refuse(new Pending(null, bytes), e.problem());
        }
    }

    /// Ends the call with the problem, after the replies of earlier requests.
    private void refuse(Pending pending, GrpcProblem problem) {
        pending.problem = problem;
        refusing = true;
        open.add(pending);
        goOn();
    }

    private void handOver(Pending pending) {
        IncomingRequest request = pending.request;
        if (request == null) {
            throw new IllegalStateException("a request that was refused is not handed over");
        }
        if (!parts.intake().requestsInFlight().tryTake(1)) {
            if (parts.method().single()) {
                refuse(pending, Refusals.tooBusy("unanswered requests"));
            } else {
                holdBack(pending, RETRY_MILLIS);
            }
            return;
        }
        pending.counted = true;
        open.add(pending);
        FailPoint.reach("grpc.before-accept");
        parts.intake()
                .accept(
                        parts.caller(),
                        request.inlet(),
                        request.batch(),
                        receipt -> received(pending, receipt));
    }

    /// Refusals come from within [EventIntake#accept], under the lock; what the log says comes on
    /// the producer's thread.
    private void received(Pending pending, Receipt receipt) {
        if (Thread.holdsLock(this)) {
            settle(pending, receipt);
            return;
        }
        try {
            parts.door()
                    .threads()
                    .execute(() -> {
                        synchronized (this) {
                            settle(pending, receipt);
                            goOn();
                        }
                    });
        } catch (RejectedExecutionException _) {
            // The door is closed, and the call with it.
        }
    }

    private void settle(Pending pending, Receipt receipt) {
        if (receipt instanceof Receipt.Throttled(long waitMillis)
                && !parts.method().single()
                && !ended) {
            open.remove(pending);
            parts.intake().requestsInFlight().giveBack(1);
            pending.counted = false;
            holdBack(pending, waitMillis);
            return;
        }
        pending.receipt = receipt;
    }

    private void holdBack(Pending pending, long waitMillis) {
        waiting = pending;
        after(waitMillis, this::handOverWaiting);
    }

    private void handOverWaiting() {
        Pending next = waiting;
        waiting = null;
        if (next != null) {
            handOver(next);
        }
    }

    private void forgetWaiting() {
        if (waiting != null) {
            release(waiting);
            waiting = null;
        }
    }

    /// Answers what can be answered, ends when everything is, and reads on.
    private void goOn() {
        while (!ended && !open.isEmpty() && open.getFirst().done() && mayWrite()) {
            Pending first = open.removeFirst();
            // First, so that a client that has its answer finds room for the next request.
            release(first);
            answer(first);
        }
        if (ended) {
            forgetWaiting();
            forgetDone();
            return;
        }
        unreadSinceNanos =
                open.isEmpty() || !open.getFirst().done()
                        ? 0
                        : unreadSinceNanos == 0 ? System.nanoTime() | 1 : unreadSinceNanos;
        if (open.isEmpty() && waiting == null) {
            finishWhenDone();
        }
        readOn();
    }

    private void forgetDone() {
        for (Iterator<Pending> pending = open.iterator(); pending.hasNext(); ) {
            Pending one = pending.next();
            if (one.done()) {
                pending.remove();
                release(one);
            }
        }
    }

    private boolean mayWrite() {
        return parts.method().single() || parts.call().isReady();
    }

    private void answer(Pending pending) {
        GrpcProblem problem = pending.problem;
        if (problem != null) {
            fail(problem);
            return;
        }
        Receipt receipt = pending.receipt;
        IncomingRequest request = pending.request;
        if (receipt == null || request == null) {
            throw new IllegalStateException("only what is done is answered");
        }
        switch (receipt) {
            case Receipt.Settled settled -> {
                FailPoint.reach("grpc.before-reply");
                PublishReply reply =
                        Replies.of(settled.items(), request.inlet().contract(), request.withIds());
                parts.door().metrics().answered(parts.method().name());
                answers.each(reply).ifPresent(this::send);
            }
            case Receipt.Unavailable away -> fail(Refusals.away(away));
            case Receipt.Denied denied -> fail(GrpcProblem.denied(denied.denial()));
            case Receipt.Throttled throttled ->
                    fail(Refusals.throttled(throttled.retryAfterMillis()));
        }
    }

    private void send(A message) {
        if (!headersSent) {
            headersSent = true;
            parts.call().sendHeaders(new Metadata());
        }
        parts.call().sendMessage(message);
    }

    private void finishWhenDone() {
        if (halfClosed && !received && parts.method().single()) {
            fail(GrpcProblem.invalid("one-request", "the call has no request", "send one request"));
        } else if (halfClosed) {
            answers.last().ifPresent(this::send);
            end(Status.OK, new Metadata());
        } else if (draining && !parts.method().single()) {
            // What has not arrived as a whole gets no reply: its client sends it again.
            fail(Refusals.stopping());
        }
    }

    private void fail(GrpcProblem problem) {
        GrpcProblem.Ending ending = problem.ending(answers.details());
        end(ending.status(), ending.trailers());
    }

    private void end(Status status, Metadata trailers) {
        ended = true;
        parts.door().metrics().ended(parts.method().name(), status.getCode());
        parts.call().close(status, trailers);
    }

    private void readOn() {
        boolean mayRead = !ended && !halfClosed && !reading && !refusing && waiting == null;
        if (!mayRead || (draining && !parts.method().single())) {
            return;
        }
        if (open.size() >= parts.door().settings().maxInFlight() || !mayWrite()) {
            return;
        }
        if (!parts.method().single() && parts.intake().bytesInFlight().exhausted()) {
            if (!onTimer) {
                onTimer = true;
                after(RETRY_MILLIS, () -> onTimer = false);
            }
            return;
        }
        reading = true;
        // Where there is to be one, a second is asked for to see that it is not there.
        parts.call().request(parts.method().single() ? 2 : 1);
    }

    private void after(long millis, Runnable task) {
        try {
            ScheduledFuture<?> _ =
                    parts.door()
                            .threads()
                            .schedule(
                                    () -> {
                                        synchronized (this) {
                                            task.run();
                                            goOn();
                                        }
                                    },
                                    millis,
                                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException _) {
            // The door is closed, and the call with it.
        }
    }

    @Override
    public synchronized void onHalfClose() {
        halfClosed = true;
        if (parts.method().single() && !ended) {
            handOverWaiting();
        }
        goOn();
    }

    @Override
    public synchronized void onReady() {
        goOn();
    }

    @Override
    public synchronized void onCancel() {
        parts.door().calls().remove(this);
        if (!ended) {
            ended = true;
            parts.door().metrics().ended(parts.method().name(), Status.Code.CANCELLED);
        }
        goOn();
    }

    @Override
    public synchronized void onComplete() {
        parts.door().calls().remove(this);
        goOn();
    }

    @Override
    public synchronized void drain() {
        draining = true;
        if (waiting != null && !parts.method().single()) {
            Pending held = waiting;
            waiting = null;
            refuse(held, Refusals.stopping());
        }
        goOn();
    }

    @Override
    public synchronized void checkPatience(long nowNanos, Duration patience) {
        if (ended) {
            return;
        }
        boolean incomplete =
                parts.method().single()
                        && !halfClosed
                        && nowNanos - startNanos > patience.toNanos();
        if (incomplete || parts.inbound().arrivingNanos(nowNanos) > patience.toNanos()) {
            fail(Refusals.tooSlow("a request did not arrive", patience));
        } else if (unreadSinceNanos != 0 && nowNanos - unreadSinceNanos > patience.toNanos()) {
            fail(Refusals.tooSlow("the replies were not read", patience));
        }
        goOn();
    }

    private void release(Pending pending) {
        parts.intake().bytesInFlight().giveBack(pending.bytes);
        if (pending.counted) {
            parts.intake().requestsInFlight().giveBack(1);
        }
    }
}
