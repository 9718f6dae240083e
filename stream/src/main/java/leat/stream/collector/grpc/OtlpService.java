package leat.stream.collector.grpc;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import leat.stream.collector.Receipt;
import leat.stream.collector.otlp.OtlpAnswer;
import leat.stream.collector.otlp.OtlpSignal;

/// A service of OpenTelemetry as gRPC sees it: one method, whose requests stay bytes, since they
/// are taken apart record by record.
///
/// @param signal what it takes
/// @param owners its owners' description, for reflection
/// @param empty the answer of a request without records
record OtlpService(OtlpSignal signal, ServiceDescriptor owners, Message empty) {

    private static final OtlpService LOGS =
            new OtlpService(
                    OtlpSignal.LOGS,
                    LogsServiceGrpc.getServiceDescriptor(),
                    ExportLogsServiceResponse.getDefaultInstance());
    private static final OtlpService METRICS =
            new OtlpService(
                    OtlpSignal.METRICS,
                    MetricsServiceGrpc.getServiceDescriptor(),
                    ExportMetricsServiceResponse.getDefaultInstance());

    static OtlpService of(OtlpSignal signal) {
        return switch (signal) {
            case LOGS -> LOGS;
            case METRICS -> METRICS;
        };
    }

    String name() {
        return owners.getName();
    }

    /// The service with what answers its calls.
    ServerServiceDefinition definition(ExportHandler handler) {
        MethodDescriptor<byte[], Message> method =
                MethodDescriptor.<byte[], Message>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName(
                                MethodDescriptor.generateFullMethodName(name(), "Export"))
                        .setRequestMarshaller(new Bytes())
                        .setResponseMarshaller(ProtoUtils.marshaller(empty))
                        .build();
        return ServerServiceDefinition.builder(
                        ServiceDescriptor.newBuilder(name())
                                .setSchemaDescriptor(owners.getSchemaDescriptor())
                                .addMethod(method)
                                .build())
                .addMethod(method, handler)
                .build();
    }

    /// The response for records that all have their fate.
    Message answer(List<Receipt.Item> items) {
        return switch (signal) {
            case LOGS -> OtlpAnswer.logs(items);
            case METRICS -> OtlpAnswer.metrics(items);
        };
    }

    /// Leaves a message as it came; gRPC has unpacked it, and seen to its size.
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw Status.INTERNAL
                        .withDescription("the message cannot be read")
                        .withCause(e)
                        .asRuntimeException();
            }
        }
    }
}
