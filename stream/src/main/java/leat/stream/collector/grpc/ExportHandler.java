package leat.stream.collector.grpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import leat.stream.collector.EventIntake;
import leat.stream.collector.Inlet;
import leat.stream.collector.access.Caller;
import leat.stream.collector.grpc.GrpcProblem.RefusedCall;

/// Lets the exports of one signal in: as many as may be open, of those who may come in.
final class ExportHandler implements ServerCallHandler<byte[], Message> {

    private final Parts parts;
    private final int maxCalls;
    private final Set<ExportCall> calls = ConcurrentHashMap.newKeySet();

    /// What all exports of a signal share.
    ///
    /// @param answers where answers are written, beside the threads of the log's client
    record Parts(
            OtlpService service,
            Inlet inlet,
            EventIntake intake,
            GrpcMetrics metrics,
            Executor answers) {

        /// As metrics name it.
        String method() {
            return "otlp-" + service.signal().word();
        }
    }

    ExportHandler(Parts parts, int maxCalls) {
        this.parts = parts;
        this.maxCalls = maxCalls;
    }

    OtlpService service() {
        return parts.service();
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(
            ServerCall<byte[], Message> call, Metadata headers) {
        ExportCall export = new ExportCall(parts, call, InboundBytes.current(), calls::remove);
        try {
            if (calls.size() >= maxCalls) {
                throw new RefusedCall(GrpcProblem.tooBusy("open calls"));
            }
            Caller caller =
                    Authorization.caller(headers, call.getAttributes(), parts.intake().access());
            calls.add(export);
            export.start(caller);
        } catch (RefusedCall e) {
            export.refuse(e.problem());
        }
        return export;
    }

    /// Ends the calls of clients that are too slow.
    void checkPatience(long nowNanos, Duration patience) {
        calls.forEach(call -> call.checkPatience(nowNanos, patience));
    }
}
