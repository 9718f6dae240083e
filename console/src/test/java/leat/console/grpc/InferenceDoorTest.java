package leat.console.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.ResolvedModel;
import leat.core.model.VersionInfo;
import leat.core.tracking.TrackingRefused;
import leat.inference.v2.GRPCInferenceServiceGrpc;
import leat.inference.v2.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import leat.inference.v2.ModelInferRequest;
import leat.inference.v2.ModelMetadataRequest;
import leat.inference.v2.ModelReadyRequest;
import leat.inference.v2.RepositoryIndexRequest;
import leat.inference.v2.RepositoryIndexResponse.ModelIndex;
import leat.inference.v2.RepositoryModelLoadRequest;
import leat.inference.v2.RepositoryModelUnloadRequest;
import leat.inference.v2.ServerLiveRequest;
import leat.inference.v2.ServerLiveResponse;
import leat.inference.v2.ServerMetadataRequest;
import leat.inference.v2.ServerReadyRequest;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.fold.RecordUnreadable;
import leat.ml.registry.ModelFile;
import leat.ml.registry.Models;
import leat.ml.scoring.Inference;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.log.LogUnavailable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Asks a door for models over a connection, as any client would.
final class InferenceDoorTest {

    private static final int MOST_CALLS = 256;

    private final Registry registry = new Registry();
    private final Inference inference =
            new Inference(
                    registry,
                    FeatureQueries.NONE,
                    new Inference.Limits(2, 256, Duration.ofSeconds(5)));
    private final List<ManagedChannel> channels = new ArrayList<>();
    private ServingDoor door;
    private GRPCInferenceServiceBlockingStub models;

    /// Has version 1 of the model `risk`, of which no file was uploaded.
    private static final class Registry implements Models {

        private static final ModelVersion ONLY =
                new ModelVersion(
                        "risk",
                        new VersionInfo("id1", 1, "", "", "", "", "", 0, 0),
                        new TreeMap<>(),
                        new TreeSet<>());

        volatile @Nullable RuntimeException failure;

        private void answer() {
            RuntimeException now = failure;
            if (now != null) {
                throw now;
            }
        }

        @Override
        public ResolvedModel resolve(ModelReference reference) {
            throw TrackingRefused.absent("there is no " + reference);
        }

        @Override
        public List<String> names() {
            answer();
            return List.of("risk");
        }

        @Override
        public List<ModelVersion> versions(String modelName) {
            answer();
            return modelName.equals("risk") ? List.of(ONLY) : List.of();
        }

        @Override
        public List<ModelFile> files(ModelVersion version) {
            return List.of();
        }

        @Override
        public InputStream open(ModelVersion version, String path) {
            throw TrackingRefused.absent("there is no " + path);
        }
    }

    @BeforeEach
    void open() {
        open(Access.OPEN);
    }

    private void open(Access access) {
        door =
                ServingDoor.open(
                        new ServingDoor.Place("127.0.0.1", 0, access, Optional.empty()),
                        FeatureQueries.NONE,
                        Optional.of(inference));
        models = GRPCInferenceServiceGrpc.newBlockingStub(channel());
    }

    private ManagedChannel channel() {
        ManagedChannel channel =
                NettyChannelBuilder.forAddress("127.0.0.1", door.port()).usePlaintext().build();
        channels.add(channel);
        return channel;
    }

    @AfterEach
    void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        door.close();
        inference.close();
    }

    private boolean serverReady() {
        return models.serverReady(ServerReadyRequest.getDefaultInstance()).getReady();
    }

    private boolean modelReady(String model) {
        return models.modelReady(ModelReadyRequest.newBuilder().setName(model).build()).getReady();
    }

    private List<ModelIndex> index(boolean readyOnly) {
        return models.repositoryIndex(
                        RepositoryIndexRequest.newBuilder().setReady(readyOnly).build())
                .getModelsList();
    }

    private static ModelInferRequest asked(String model, String version) {
        return ModelInferRequest.newBuilder().setModelName(model).setModelVersion(version).build();
    }

    private static void assertRefused(Runnable call, Code code, String reason, String... texts) {
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, call::run);
        assertThat(refused.getStatus().getCode()).isEqualTo(code);
        assertThat(refused.getStatus().getDescription()).contains(texts);
        assertThat(reason(refused)).isEqualTo(reason);
        assertThat(details(refused).stream().anyMatch(detail -> detail.is(RetryInfo.class)))
                .isEqualTo(code == Code.UNAVAILABLE);
    }

    private static List<Any> details(StatusRuntimeException refused) {
        return Objects.requireNonNull(StatusProto.fromThrowable(refused)).getDetailsList();
    }

    private static String reason(StatusRuntimeException refused) {
        try {
            return details(refused).getFirst().unpack(ErrorInfo.class).getReason();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theServerSaysWhatItIs() {
        assertThat(models.serverLive(ServerLiveRequest.getDefaultInstance()).getLive()).isTrue();
        assertThat(serverReady()).isTrue();
        assertThat(models.serverMetadata(ServerMetadataRequest.getDefaultInstance()))
                .satisfies(server -> {
                    assertThat(server.getName()).isEqualTo("leat");
                    assertThat(server.getExtensionsList()).containsExactly("model_repository");
                });
    }

    @Test
    void whatCannotBeAnsweredIsRefusedWithARemedy() {
        assertRefused(
                () -> models.modelInfer(asked("nobody", "")),
                Code.NOT_FOUND,
                "NOT_FOUND",
                "there is no model 'nobody'",
                "RepositoryIndex");
        assertRefused(
                () -> models.modelInfer(asked("risk", "9")),
                Code.NOT_FOUND,
                "NOT_FOUND",
                "risk has no version 9, the newest one is 1");
        assertRefused(
                () -> models.modelInfer(asked("risk", "champoin")),
                Code.NOT_FOUND,
                "NOT_FOUND",
                "risk has no alias 'champoin'",
                "RepositoryIndex");
        assertRefused(
                () ->
                        models.modelInfer(
                                asked("risk", "").toBuilder()
                                        .addRawInputContents(ByteString.EMPTY)
                                        .build()),
                Code.INVALID_ARGUMENT,
                "BAD_REQUEST",
                "1 raw_input_contents for 0 inputs",
                "ModelMetadata");
        assertRefused(
                () -> models.modelInfer(asked("risk", "")),
                Code.UNAVAILABLE,
                "NOT_READY",
                "risk/1: ");
        assertThat(modelReady("risk")).isFalse();
        assertThat(modelReady("nobody")).isFalse();
    }

    @Test
    void aRegistryThatCannotBeReadIsNoReadyServer() {
        ModelMetadataRequest risk = ModelMetadataRequest.newBuilder().setName("risk").build();

        registry.failure = new LogUnavailable("Kafka is away", null);
        assertThat(serverReady()).isFalse();
        assertRefused(
                () -> models.modelMetadata(risk), Code.UNAVAILABLE, "NOT_READY", "Kafka is away");
        registry.failure = new RecordUnreadable("leat.models", 7, "it is no JSON", null);
        assertThat(serverReady()).isFalse();
        assertRefused(
                () -> models.modelMetadata(risk),
                Code.INTERNAL,
                "UNREADABLE",
                "record 7 of topic leat.models");
    }

    @Test
    void aModelIsListedUnloadedAndLoaded() {
        ModelIndex ready =
                ModelIndex.newBuilder().setName("risk").setVersion("1").setState("READY").build();

        assertThat(index(true)).containsExactly(ready);
        assertThat(
                        models.repositoryModelUnload(
                                RepositoryModelUnloadRequest.newBuilder()
                                        .setModelName("risk")
                                        .build()))
                .isNotNull();
        assertThat(index(true)).isEmpty();
        assertThat(index(false))
                .containsExactly(
                        ready.toBuilder().setState("UNAVAILABLE").setReason("unloaded").build());
        assertRefused(
                () -> models.modelInfer(asked("risk", "")),
                Code.UNAVAILABLE,
                "NOT_READY",
                "risk was unloaded; load it");
        assertRefused(
                () ->
                        models.repositoryModelLoad(
                                RepositoryModelLoadRequest.newBuilder()
                                        .setModelName("nobody")
                                        .build()),
                Code.NOT_FOUND,
                "NOT_FOUND",
                "there is no model 'nobody'");
    }

    @Test
    void aRequestAboveEightMebibytesIsRefused() {
        ModelInferRequest.Builder request = asked("nobody", "").toBuilder();
        ByteString most = ByteString.copyFrom(new byte[(8 << 20) - 100]);

        assertRefused(
                () -> models.modelInfer(request.addRawInputContents(most).build()),
                Code.INVALID_ARGUMENT,
                "BAD_REQUEST",
                "1 raw_input_contents for 0 inputs");
        StatusRuntimeException refused =
                catchThrowableOfType(
                        StatusRuntimeException.class,
                        () ->
                                models.modelInfer(
                                        request.addRawInputContents(
                                                        ByteString.copyFrom(new byte[100]))
                                                .build()));
        assertThat(refused.getStatus().getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
    }

    @Test
    void modelsAskForAKeyAndHealthDoesNot() {
        door.close();
        open((_, shown) ->
                shown instanceof Credentials.Key(String key) && key.equals("secret")
                        ? new Access.Admission.Admitted(Caller.ANYONE)
                        : new Access.Admission.Denied(
                                new Denial(Denial.Kind.UNAUTHENTICATED, "no key", "send a key")));

        assertRefused(this::serverReady, Code.UNAUTHENTICATED, "UNAUTHENTICATED", "send a key");
        Metadata key = new Metadata();
        key.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer secret");
        models = models.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key));
        assertThat(serverReady()).isTrue();
        assertThat(
                        HealthGrpc.newBlockingStub(channel())
                                .check(
                                        HealthCheckRequest.newBuilder()
                                                .setService(GRPCInferenceServiceGrpc.SERVICE_NAME)
                                                .build())
                                .getStatus())
                .isEqualTo(ServingStatus.SERVING);
    }

    /// A call whose request does not come.
    private static final class Begun {

        private final BlockingQueue<Status> ended;
        private final ClientCall<ServerLiveRequest, ServerLiveResponse> call;

        Begun(ManagedChannel channel, BlockingQueue<Status> ended) {
            this.ended = ended;
            this.call =
                    channel.newCall(
                            // Of a call with one message nothing is sent before that.
                            GRPCInferenceServiceGrpc.getServerLiveMethod().toBuilder()
                                    .setType(MethodType.CLIENT_STREAMING)
                                    .build(),
                            CallOptions.DEFAULT);
            call.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            Begun.this.ended.add(status);
                        }
                    },
                    new Metadata());
            call.request(2);
        }

        void ask() {
            call.sendMessage(ServerLiveRequest.getDefaultInstance());
            call.halfClose();
        }
    }

    @Test
    void callsBeyondAsManyAsMayBeAreRefusedUntilOneHasEnded() throws Exception {
        BlockingQueue<Status> ended = new LinkedBlockingQueue<>();
        List<Begun> begun = new ArrayList<>();
        List<ManagedChannel> two = List.of(channel(), channel());
        for (int i = 0; i <= MOST_CALLS; i++) {
            begun.add(new Begun(two.get(i % 2), ended));
        }

        assertThat(next(ended).getCode()).isEqualTo(Code.RESOURCE_EXHAUSTED);
        assertThat(ended).isEmpty();
        begun.forEach(Begun::ask);
        for (int i = 0; i < MOST_CALLS; i++) {
            assertThat(next(ended).getCode()).isEqualTo(Code.OK);
        }
        assertThat(serverReady()).isTrue();
    }

    private static Status next(BlockingQueue<Status> ended) throws Exception {
        return Optional.ofNullable(ended.poll(20, TimeUnit.SECONDS))
                .orElseThrow(() -> new TimeoutException("no call has ended"));
    }
}
