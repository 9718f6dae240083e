package leat.client;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import leat.collector.v1.CollectorGrpc;
import leat.collector.v1.Problem;
import leat.collector.v1.PublishReply;
import leat.collector.v1.PublishRequest;

/// The way by the gRPC door: a call of `Publish` a batch.
public final class GrpcTransport implements Transport {

    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final int MAX_REPLY_BYTES = 16 << 20;

    /// What every collector reads, whatever its limits. A larger request may be refused by gRPC
    /// itself, which says so without details.
    private static final int SURELY_TAKEN_BYTES = 1 << 20;

    private static final int KEEP_ALIVE_SECONDS = 60;
    private static final int CLOSE_SECONDS = 5;

    private final URI collector;
    private final ManagedChannel channel;
    private final CollectorGrpc.CollectorBlockingStub stub;

    /// @param collector `grpc://127.0.0.1:8081`, or `grpcs://` for TLS
    /// @param key the API key that is shown
    /// @param tls whom to believe to be the collector, and the certificate that is shown; absent
    ///   means the authorities of the JDK, and none
    /// @throws IllegalArgumentException when the address is of another kind, or not encrypted
    ///   though `tls` is there
    public GrpcTransport(URI collector, Optional<String> key, Optional<SSLContext> tls) {
        this.collector = collector;
        this.channel =
                Grpc.newChannelBuilderForAddress(
                                collector.getHost(), port(collector), credentials(collector, tls))
                        .disableRetry()
                        .maxInboundMessageSize(MAX_REPLY_BYTES)
                        .keepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS)
                        .build();
        Metadata headers = new Metadata();
        key.ifPresent(secret -> headers.put(AUTHORIZATION, "Bearer " + secret));
        this.stub =
                CollectorGrpc.newBlockingStub(channel)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static int port(URI collector) {
        if (collector.getHost() == null || collector.getPort() < 0) {
            throw new IllegalArgumentException(
                    "'" + collector + "' has no host and port, as grpc://127.0.0.1:8081 has");
        }
        return collector.getPort();
    }

    private static ChannelCredentials credentials(URI collector, Optional<SSLContext> tls) {
        return switch (String.valueOf(collector.getScheme())) {
            case "grpc" -> {
                if (tls.isPresent()) {
                    throw new IllegalArgumentException(
                            "'"
                                    + collector
                                    + "' is not encrypted, so that certificates count for nothing:"
                                    + " write grpcs://");
                }
                yield InsecureChannelCredentials.create();
            }
            case "grpcs" -> tls.map(ChannelTls::of).orElseGet(TlsChannelCredentials::create);
            default ->
                    throw new IllegalArgumentException(
                            "'" + collector + "' does not begin with grpc:// or grpcs://");
        };
    }

    @Override
    public String address() {
        return collector.toString();
    }

    @Override
    public Attempt send(Batch batch, Duration timeout) throws InterruptedException {
        PublishRequest request = request(batch);
        try {
            PublishReply reply =
                    stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                            .publish(request);
            return new Attempt.Answered(answer(reply));
        } catch (StatusRuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while a request was under way");
            }
            return failed(e, request.getSerializedSize());
        }
    }

    private static PublishRequest request(Batch batch) {
        PublishRequest.Builder request =
                PublishRequest.newBuilder()
                        .setContract(batch.contract())
                        .setIdempotencyKey(batch.key())
                        .setIdempotencyIndex(batch.firstIndex());
        for (Event event : batch.events()) {
            request.addEvents(message(event));
        }
        return request.build();
    }

    private static leat.collector.v1.Event message(Event event) {
        leat.collector.v1.Event.Builder message =
                leat.collector.v1.Event.newBuilder()
                        .setPayload(ByteString.copyFrom(event.payload()));
        if (!event.isJson()) {
            message.setContentType(event.contentType());
        }
        event.identity()
                .ifPresent(identity -> message.setSource(identity.source()).setId(identity.id()));
        Map<String, String> others = new HashMap<>(event.attributes());
        Optional.ofNullable(others.remove("type")).ifPresent(message::setType);
        Optional.ofNullable(others.remove("time")).ifPresent(message::setTime);
        return message.putAllAttributes(others).build();
    }

    private static Answer answer(PublishReply reply) {
        List<Answer.Problem> problems = new ArrayList<>();
        for (Problem problem : reply.getProblemsList()) {
            problems.add(
                    new Answer.Problem(
                            Math.toIntExact(problem.getIndex()),
                            problem.getStatus() == Problem.Status.DEAD,
                            problem.getId(),
                            problem.getReasonsList().stream()
                                    .map(reason ->
                                            new Answer.Reason(
                                                    reason.getCode(),
                                                    reason.getField(),
                                                    reason.getMessage()))
                                    .toList()));
        }
        return new Answer(
                reply.getAccepted(),
                reply.getDead(),
                reply.getRefused(),
                reply.getDeduplication(),
                reply.getIdsList(),
                problems);
    }

    private Attempt failed(StatusRuntimeException e, int requestBytes) {
        Optional<Duration> after = retryAfter(e);
        String word = word(e);
        Status.Code code = e.getStatus().getCode();
        String why = code + ": " + e.getStatus().getDescription();
        return switch (code) {
            case UNAVAILABLE, DEADLINE_EXCEEDED, ABORTED, CANCELLED, INTERNAL, UNKNOWN ->
                    Distrust.isCauseOf(e)
                            ? Distrust.refusal(collector.getHost(), e)
                            : new Attempt.Later(why, after);
            case RESOURCE_EXHAUSTED ->
                    after.isEmpty() && requestBytes > SURELY_TAKEN_BYTES
                            ? new Attempt.TooLarge()
                            : new Attempt.Later(why, after);
            case INVALID_ARGUMENT ->
                    word.equals("too-large") || word.equals("too-many-events")
                            ? new Attempt.TooLarge()
                            : refused(word, why);
            default -> refused(word, why);
        };
    }

    private Attempt refused(String word, String why) {
        return new Attempt.Refused(word, "Publish at " + collector + " was refused: " + why);
    }

    private static Optional<Duration> retryAfter(StatusRuntimeException e) {
        try {
            for (Any detail : details(e)) {
                if (detail.is(RetryInfo.class)) {
                    com.google.protobuf.Duration delay =
                            detail.unpack(RetryInfo.class).getRetryDelay();
                    return Optional.of(Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
                }
            }
        } catch (InvalidProtocolBufferException _) {
            // As if it were not there.
        }
        return Optional.empty();
    }

    /// The collector's word for a problem, as it is over HTTP too.
    private static String word(StatusRuntimeException e) {
        try {
            for (Any detail : details(e)) {
                if (detail.is(ErrorInfo.class)) {
                    return detail.unpack(ErrorInfo.class)
                            .getReason()
                            .toLowerCase(Locale.ROOT)
                            .replace('_', '-');
                }
            }
        } catch (InvalidProtocolBufferException _) {
            // As if it were not there.
        }
        return "grpc-" + e.getStatus().getCode().name().toLowerCase(Locale.ROOT);
    }

    private static List<Any> details(StatusRuntimeException e) {
        return Optional.ofNullable(StatusProto.fromThrowable(e))
                .map(com.google.rpc.Status::getDetailsList)
                .orElse(List.of());
    }

    @Override
    public void close() {
        channel.shutdown();
        try {
            if (!channel.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                channel.shutdownNow();
            }
        } catch (InterruptedException _) {
            channel.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
