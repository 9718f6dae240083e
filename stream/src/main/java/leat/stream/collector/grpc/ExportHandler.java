package leat.stream.collector.grpc;

import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import java.util.concurrent.Executor;
import leat.stream.collector.EventIntake;
import leat.stream.collector.Inlet;
import leat.stream.collector.call.GrpcProblem.RefusedCall;

/// Lets the exports of one signal in: as many as may be open, of those who may come in.
final class ExportHandler implements ServerCallHandler<byte[], Message> {

    private final Parts parts;

    /// What all exports of a signal share.
    ///
    /// @param door what they share with other calls
    record Parts(OtlpService service, Inlet inlet, CallDoor door) {

        /// As metrics name it.
        String method() {
            return "otlp-" + service.signal().word();
        }

        EventIntake intake() {
            return door.intake();
        }

        GrpcMetrics metrics() {
            return door.metrics();
        }

        /// Where answers are written, beside the threads of the log's client.
        Executor answers() {
            return door.threads();
        }
    }

    ExportHandler(Parts parts) {
        this.parts = parts;
    }

    OtlpService service() {
        return parts.service();
    }

    @Override
    public ServerCall.Listener<byte[]> startCall(
            ServerCall<byte[], Message> call, Metadata headers) {
        ExportCall export = new ExportCall(parts, call, InboundBytes.current());
        try {
            export.start(parts.door().admit(call, headers));
        } catch (RefusedCall e) {
            export.refuse(e.problem());
        }
        return export;
    }
}
