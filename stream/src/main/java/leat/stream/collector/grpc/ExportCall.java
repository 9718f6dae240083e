package leat.stream.collector.grpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import leat.stream.collector.EventIntake;
import leat.stream.collector.IncomingBatch;
import leat.stream.collector.Receipt;
import leat.stream.collector.access.Caller;
import leat.stream.collector.call.GrpcProblem;
import leat.stream.collector.call.GrpcProblem.RefusedCall;
import leat.stream.collector.otlp.MalformedExport;
import leat.stream.collector.otlp.OtlpEncoding;
import leat.stream.collector.otlp.OtlpExport;
import org.jspecify.annotations.Nullable;

/// One export of OpenTelemetry: a request, and its answer when the log has its records.
final class ExportCall extends ServerCall.Listener<byte[]> implements OpenCall {

    private final ExportHandler.Parts parts;
    private final ServerCall<byte[], Message> call;
    private final InboundBytes arriving;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicLong takenBytes = new AtomicLong();
    private final AtomicBoolean takenRequest = new AtomicBoolean();
    private final long startNanos = System.nanoTime();
    private Caller caller = Caller.ANYONE;
    private byte @Nullable [] body;
    private volatile boolean arrived;

    ExportCall(ExportHandler.Parts parts, ServerCall<byte[], Message> call, InboundBytes arriving) {
        this.parts = parts;
        this.call = call;
        this.arriving = arriving;
    }

    /// Begins to read.
    void start(Caller admitted) {
        caller = admitted;
        parts.door().calls().add(this);
        // One more than there may be, to see that there is no other.
        call.request(2);
    }

    @Override
    public void onMessage(byte[] message) {
        takenBytes.addAndGet(arriving.claim());
        if (arrived) {
            refuse(GrpcProblem.invalid("too-many", "an export is one message", "send one"));
        } else {
            arrived = true;
            body = message;
        }
    }

    @Override
    public void onHalfClose() {
        byte[] message = body;
        if (closed.get()) {
            return;
        }
        body = null;
        try {
            handOver(message == null ? new byte[0] : message);
        } catch (RefusedCall e) {
            refuse(e.problem());
        }
    }

    private void handOver(byte[] message) throws RefusedCall {
        EventIntake intake = parts.intake();
        if (message.length > intake.limits().requestSize().bytes()) {
            throw new RefusedCall(
                    tooLarge("the request is larger than " + intake.limits().requestSize()));
        }
        Refusals.refuseEnded(parts.inlet().contract(), Instant.now());
        take(message.length);
        OtlpExport export = export(message);
        IncomingBatch batch = new IncomingBatch(export.events(), export.idempotency());
        take(batch.bytes());
        if (!intake.requestsInFlight().tryTake(1)) {
            throw new RefusedCall(Refusals.tooBusy("unanswered requests"));
        }
        takenRequest.set(true);
        intake.accept(caller, parts.inlet(), batch, this::settled);
    }

    private OtlpExport export(byte[] message) throws RefusedCall {
        try {
            return OtlpExport.read(
                    parts.service().signal(),
                    OtlpEncoding.PROTOBUF,
                    message,
                    parts.intake().limits(),
                    Instant.now());
        } catch (MalformedExport e) {
            String text = String.valueOf(e.getMessage());
            throw new RefusedCall(
                    e.tooMuch()
                            ? tooLarge(text)
                            : GrpcProblem.invalid(
                                    "malformed-export", text, "send an export request of OTLP"));
        }
    }

    private static GrpcProblem tooLarge(String message) {
        return GrpcProblem.invalid("too-large", message, "send smaller batches");
    }

    /// Takes what `bytes` are beyond those that are taken.
    private void take(long bytes) throws RefusedCall {
        long more = bytes - takenBytes.get();
        if (more > 0) {
            if (!parts.intake().bytesInFlight().tryTake(more)) {
                throw new RefusedCall(Refusals.tooBusy("bytes of unanswered requests"));
            }
            takenBytes.addAndGet(more);
        }
    }

    private void settled(Receipt receipt) {
        try {
            parts.answers().execute(() -> answer(receipt));
        } catch (RejectedExecutionException _) {
            // The door is closed, and the call with it.
            giveBack();
        }
    }

    private void answer(Receipt receipt) {
        // First, so that a client that has its answer finds room for the next request.
        giveBack();
        switch (receipt) {
            case Receipt.Settled settled -> {
                if (end()) {
                    parts.metrics().answered(parts.method());
                    parts.metrics().ended(parts.method(), Status.Code.OK);
                    call.sendHeaders(new Metadata());
                    call.sendMessage(parts.service().answer(settled.items()));
                    call.close(Status.OK, new Metadata());
                }
            }
            case Receipt.Unavailable unavailable -> refuse(Refusals.away(unavailable));
            case Receipt.Denied denied -> refuse(GrpcProblem.denied(denied.denial()));
            case Receipt.Throttled throttled ->
                    refuse(Refusals.throttled(throttled.retryAfterMillis()));
        }
    }

    /// Ends the call with what is wrong.
    void refuse(GrpcProblem problem) {
        giveBackUnlessHandedOver();
        if (end()) {
            GrpcProblem.Ending ending = problem.ending(List.of());
            parts.metrics().ended(parts.method(), ending.status().getCode());
            call.close(ending.status(), ending.trailers());
        }
    }

    /// Whether it is this caller who ends the call.
    private boolean end() {
        parts.door().calls().remove(this);
        return closed.compareAndSet(false, true);
    }

    /// The client is gone.
    @Override
    public void onCancel() {
        if (end()) {
            parts.metrics().ended(parts.method(), Status.Code.CANCELLED);
        }
        giveBackUnlessHandedOver();
    }

    /// The call was refused, on another thread perhaps before its message was delivered.
    @Override
    public void onComplete() {
        giveBackUnlessHandedOver();
    }

    /// What was handed over is given back with its receipt.
    private void giveBackUnlessHandedOver() {
        if (!takenRequest.get()) {
            giveBack();
        }
    }

    /// Gives back what is taken now, so that to call it again does no harm.
    private void giveBack() {
        EventIntake intake = parts.intake();
        intake.bytesInFlight().giveBack(takenBytes.getAndSet(0));
        if (takenRequest.compareAndSet(true, false)) {
            intake.requestsInFlight().giveBack(1);
        }
    }

    @Override
    public void checkPatience(long nowNanos, Duration patience) {
        if (!arrived && nowNanos - startNanos > patience.toNanos()) {
            refuse(Refusals.tooSlow("the request did not arrive", patience));
        }
    }
}
