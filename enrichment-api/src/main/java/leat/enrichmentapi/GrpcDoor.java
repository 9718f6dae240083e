package leat.enrichmentapi;

import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.math.BigDecimal;
import java.net.InetSocketAddress;
import java.util.List;
import leat.enrichment.v1.EnrichmentGrpc;
import leat.enrichment.v1.Fields;
import leat.enrichment.v1.LookupRequest;
import leat.enrichment.v1.LookupResponse;
import leat.enrichment.v1.Missing;
import leat.enrichment.v1.Result;
import leat.enrichment.v1.Value;
import leat.stream.collector.call.CallServer;

/// The gRPC door: `leat.enrichment.v1.Enrichment`, the standard health service and reflection.
final class GrpcDoor implements AutoCloseable {

    private static final int MAX_MESSAGE_BYTES = 4 << 20;

    private final CallServer server;

    GrpcDoor(EnrichmentApiSettings.Grpc settings, Lookups lookups) {
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        this.server =
                CallServer.start(
                        address,
                        NettyServerBuilder.forAddress(address)
                                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                                .addService(new Service(lookups)),
                        List.of(EnrichmentGrpc.SERVICE_NAME));
    }

    int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.close();
    }

    private static final class Service extends EnrichmentGrpc.EnrichmentImplBase {

        private final Lookups lookups;

        Service(Lookups lookups) {
            this.lookups = lookups;
        }

        @Override
        public void lookup(LookupRequest request, StreamObserver<LookupResponse> answer) {
            LookupResponse.Builder response = LookupResponse.newBuilder();
            try {
                List<Question> questions =
                        request.getRequestsList().stream()
                                .map(one -> new Question(one.getKey(), one.getEvent()))
                                .toList();
                lookups.find(request.getLookup(), questions)
                        .forEach(found -> response.addResults(result(found)));
            } catch (Lookups.Refused refused) {
                answer.onError(status(refused).asRuntimeException());
                return;
            }
            answer.onNext(response.build());
            answer.onCompleted();
        }
    }

    private static Status status(Lookups.Refused refused) {
        Status status =
                switch (refused.why()) {
                    case UNKNOWN_LOOKUP -> Status.NOT_FOUND;
                    case TOO_MANY -> Status.INVALID_ARGUMENT;
                    case NOT_READY, TRIAL -> Status.UNAVAILABLE;
                };
        return status.withDescription(refused.text() + ": " + refused.remedy());
    }

    private static Result result(Answer answer) {
        return switch (answer) {
            case Answer.Found found -> {
                Fields.Builder fields = Fields.newBuilder();
                found.fields().forEach((name, value) -> fields.putValues(name, value(value)));
                yield Result.newBuilder().setFound(fields).setSeen(found.seen()).build();
            }
            case Answer.Missing missing ->
                    Result.newBuilder()
                            .setMissing(Missing.getDefaultInstance())
                            .setSeen(missing.seen())
                            .build();
            case Answer.Failed failed -> Result.newBuilder().setError(failed.why()).build();
        };
    }

    private static Value value(Object value) {
        Value.Builder wrapped = Value.newBuilder();
        return switch (value) {
            case Long integer -> wrapped.setInteger(integer).build();
            case Double number -> wrapped.setNumber(number).build();
            case Boolean flag -> wrapped.setFlag(flag).build();
            case BigDecimal decimal -> wrapped.setDecimal(decimal.toPlainString()).build();
            case Object text -> wrapped.setText(text.toString()).build();
        };
    }
}
