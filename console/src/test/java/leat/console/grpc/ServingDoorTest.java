package leat.console.grpc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import leat.console.VectorsOnly;
import leat.core.catalog.OnlineReader;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSet.Member;
import leat.features.v1.Entity;
import leat.features.v1.FeaturesGrpc;
import leat.features.v1.GetReply;
import leat.features.v1.GetRequest;
import leat.features.v1.Status;
import leat.features.v1.Value;
import leat.features.v1.View;
import leat.features.v1.ViewStatus;
import leat.ml.featurestore.online.FeatureQueries;
import leat.ml.featurestore.online.OnlineFeature;
import leat.ml.featurestore.online.OnlineUnavailable;
import leat.ml.featurestore.online.OnlineView;
import leat.ml.featurestore.online.StoredVector;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.Denial;
import leat.stream.collector.access.DoorKind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Asks a door over a connection as any client would.
final class ServingDoorTest {

    private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
    private static final OnlineView DRIVING =
            view(
                    "driving",
                    2,
                    new OnlineFeature("speed", OnlineFeature.Kind.NUMBER),
                    new OnlineFeature("shocks", OnlineFeature.Kind.INTEGER),
                    new OnlineFeature("loaded", OnlineFeature.Kind.BOOLEAN),
                    new OnlineFeature("place", OnlineFeature.Kind.TEXT),
                    new OnlineFeature("started", OnlineFeature.Kind.TIME));
    private static final OnlineView WEAR =
            view("wear", 1, new OnlineFeature("shake", OnlineFeature.Kind.NUMBER));
    private static final OnlineView LOADING =
            view("loading", 1, new OnlineFeature("f", OnlineFeature.Kind.TEXT));
    private static final FeatureSet BREAKDOWN =
            new FeatureSet(
                    new ContractName("breakdown"),
                    "",
                    Optional.empty(),
                    List.of(),
                    "car",
                    List.of(
                            new Member("shake", "wear", "shake"),
                            new Member("pace", "driving", "speed")),
                    Path.of("breakdown.yaml"));

    private final FeatureQueries queries =
            new FeatureQueries(
                    List.of(DRIVING, WEAR, LOADING),
                    List.of(BREAKDOWN),
                    new Cars(),
                    InstantSource.fixed(NOW));
    private ServingDoor door;
    private ManagedChannel channel;

    /// Knows `car-1` of both views, `old` of `wear` an hour ago, and cannot read `loading` yet.
    private record Cars() implements VectorsOnly {
        @Override
        public List<Optional<StoredVector>> vectors(OnlineView view, List<String> entities) {
            if (view.equals(LOADING)) {
                throw new OnlineUnavailable("still being read", "try again");
            }
            return entities.stream().map(entity -> vector(view, entity)).toList();
        }

        private static Optional<StoredVector> vector(OnlineView view, String entity) {
            return switch (view.name() + " " + entity) {
                case "driving car-1" ->
                        vector(
                                entity,
                                "09:59:00.000001",
                                ",\"speed\":1.0E-7,\"shocks\":9007199254740993,\"loaded\":true,"
                                        + "\"place\":\"a\\\"ü\\u00e9\","
                                        + "\"started\":\"2026-11-20T01:02:03.000004Z\"");
                case "driving talkative" ->
                        vector(
                                entity,
                                "09:59:00.000001",
                                ",\"place\":\"" + "x".repeat(5_000) + "\"");
                case "wear car-1" -> vector(entity, "09:58:00.000001", "");
                case "wear old" -> vector(entity, "08:58:00.000001", ",\"shake\":0.5");
                default -> Optional.empty();
            };
        }

        private static Optional<StoredVector> vector(String entity, String time, String values) {
            String json =
                    "{\"entity\":\""
                            + entity
                            + "\",\"query_time\":\"2026-11-21T"
                            + time
                            + "Z\""
                            + values
                            + "}";
            return StoredVector.read(json.getBytes(UTF_8));
        }
    }

    private static OnlineView view(String name, int version, OnlineFeature... features) {
        return new OnlineView(
                new ContractName(name),
                version,
                "car",
                "t",
                List.of(features),
                Optional.of(Duration.ofHours(1)));
    }

    @BeforeEach
    void open() {
        open(Access.OPEN);
    }

    private void open(Access access) {
        door =
                ServingDoor.open(
                        new ServingDoor.Place("127.0.0.1", 0, access, Optional.empty()),
                        queries,
                        Optional.empty());
        channel = NettyChannelBuilder.forAddress("127.0.0.1", door.port()).usePlaintext().build();
    }

    @AfterEach
    void close() {
        channel.shutdownNow();
        door.close();
    }

    private FeaturesGrpc.FeaturesBlockingStub features() {
        return FeaturesGrpc.newBlockingStub(channel);
    }

    private GetReply get(GetRequest.Builder request) {
        return features().get(request.build());
    }

    private static GetRequest.Builder ofView(String view, String... entities) {
        return GetRequest.newBuilder().setView(view).addAllEntities(List.of(entities));
    }

    private static GetRequest.Builder ofSet(String set, String... entities) {
        return GetRequest.newBuilder().setSet(set).addAllEntities(List.of(entities));
    }

    private static Timestamp time(String text) {
        Instant time = Instant.parse(text);
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }

    @Test
    void valuesHaveTheirTypes() {
        GetReply reply = get(ofView("driving", "car-1"));

        assertThat(reply)
                .isEqualTo(
                        GetReply.newBuilder()
                                .addViews(View.newBuilder().setName("driving").setVersion(2))
                                .addAllFeatures(
                                        List.of("speed", "shocks", "loaded", "place", "started"))
                                .addEntities(
                                        Entity.newBuilder()
                                                .setEntity("car-1")
                                                .setStatus(Status.PRESENT)
                                                .setQueryTime(time("2026-11-21T09:59:00.000001Z"))
                                                .addValues(Value.newBuilder().setNumber(1.0E-7))
                                                .addValues(
                                                        Value.newBuilder()
                                                                .setInteger(9007199254740993L))
                                                .addValues(Value.newBuilder().setBoolean(true))
                                                .addValues(Value.newBuilder().setText("a\"üé"))
                                                .addValues(
                                                        Value.newBuilder()
                                                                .setTime(
                                                                        time(
                                                                                "2026-11-20T01:02:03.000004Z")))
                                                .addViews(
                                                        ViewStatus.newBuilder()
                                                                .setStatus(Status.PRESENT)
                                                                .setQueryTime(
                                                                        time(
                                                                                "2026-11-21T09:59:00.000001Z"))))
                                .build());
    }

    @Test
    void aSetAnswersInItsOrderAndSaysWhyThereIsNoValue() {
        GetReply reply = get(ofSet("breakdown", "car-1", "old", "nobody"));

        assertThat(reply.getFeaturesList()).containsExactly("shake", "pace");
        assertThat(reply.getViewsList()).map(View::getName).containsExactly("wear", "driving");
        assertThat(reply.getEntitiesList())
                .map(Entity::getStatus)
                .containsExactly(Status.PRESENT, Status.PARTIAL, Status.UNKNOWN_ENTITY);
        assertThat(reply.getEntitiesList())
                .map(Entity::getValuesList)
                .containsExactly(
                        List.of(none(Status.NULL), Value.newBuilder().setNumber(1.0E-7).build()),
                        List.of(none(Status.STALE), none(Status.UNKNOWN_ENTITY)),
                        List.of(none(Status.UNKNOWN_ENTITY), none(Status.UNKNOWN_ENTITY)));
        assertThat(reply.getEntities(0).getQueryTime())
                .isEqualTo(time("2026-11-21T09:58:00.000001Z"));
        assertThat(reply.getEntities(2).hasQueryTime()).isFalse();
        assertThat(reply.getEntities(1).getViewsList())
                .map(ViewStatus::getStatus)
                .containsExactly(Status.STALE, Status.UNKNOWN_ENTITY);
    }

    private static Value none(Status status) {
        return Value.newBuilder().setNone(status).build();
    }

    @Test
    void onlyTheFeaturesThatWereAskedForAreGiven() {
        assertThat(get(ofView("driving.v2", "car-1").addFeatures("place").addFeatures("speed")))
                .satisfies(reply -> {
                    assertThat(reply.getFeaturesList()).containsExactly("speed", "place");
                    assertThat(reply.getEntities(0).getValuesCount()).isEqualTo(2);
                });
        assertThat(get(ofSet("breakdown", "car-1").addFeatures("pace")).getViewsList())
                .map(View::getName)
                .containsExactly("driving");
    }

    @Test
    void whatCannotBeAnsweredIsRefusedWithARemedy() {
        assertRefused(ofView("drivin", "a"), Code.NOT_FOUND, "UNKNOWN_VIEW", "write 'driving'");
        assertRefused(ofSet("break", "a"), Code.NOT_FOUND, "UNKNOWN_SET", "breakdown");
        assertRefused(
                ofView("driving", "a").addFeatures("spead"),
                Code.INVALID_ARGUMENT,
                "UNKNOWN_FEATURE",
                "write 'speed'");
        assertRefused(ofView("driving"), Code.INVALID_ARGUMENT, "BAD_REQUEST", "under 'entities'");
        assertRefused(
                GetRequest.newBuilder().addEntities("a"),
                Code.INVALID_ARGUMENT,
                "BAD_REQUEST",
                "set 'view' or 'set'");
        assertRefused(
                ofView("driving").addAllEntities(Collections.nCopies(1_001, "a")),
                Code.INVALID_ARGUMENT,
                "TOO_MANY",
                "ask for them in parts");
        assertRefused(
                ofView("driving").addAllEntities(Collections.nCopies(1_000, "talkative")),
                Code.OUT_OF_RANGE,
                "TOO_LARGE",
                "ask for fewer entities");
        assertRefused(
                ofView("driving", "a".repeat(1 << 20)),
                Code.RESOURCE_EXHAUSTED,
                "TOO_LARGE",
                "ask for fewer entities");
        StatusRuntimeException notReady =
                assertRefused(ofView("loading", "a"), Code.UNAVAILABLE, "NOT_READY", "try again");
        assertThat(details(notReady)).anyMatch(detail -> detail.is(RetryInfo.class));
    }

    private StatusRuntimeException assertRefused(
            GetRequest.Builder request, Code code, String reason, String remedy) {
        StatusRuntimeException refused =
                catchThrowableOfType(StatusRuntimeException.class, () -> get(request));
        assertThat(refused.getStatus().getCode()).isEqualTo(code);
        assertThat(refused.getStatus().getDescription()).contains(remedy);
        assertThat(reason(refused)).isEqualTo(reason);
        return refused;
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

    private record Garage() implements Caller {
        @Override
        public String name() {
            return "garage";
        }

        @Override
        public Optional<Denial> denial(Contract contract) {
            return Optional.empty();
        }

        @Override
        public long take(int events, long bytes) {
            return 0;
        }
    }

    @Test
    void whoAsksWithoutAKeyIsCountedAsAnonymous() {
        get(ofView("driving", "car-1"));
        get(ofSet("breakdown", "car-1"));

        List<OnlineReader> nobody = List.of(new OnlineReader("anonymous", 1, NOW));
        assertThat(queries.readers().views()).containsEntry("driving", nobody);
        assertThat(queries.readers().sets()).containsEntry("breakdown", nobody);
    }

    @Test
    void featuresAskForAKeyAndHealthDoesNot() {
        close();
        open((at, shown) ->
                at == DoorKind.CONSOLE
                                && shown instanceof Credentials.Key(String key)
                                && key.equals("secret")
                        ? new Access.Admission.Admitted(new Garage())
                        : new Access.Admission.Denied(
                                new Denial(Denial.Kind.UNAUTHENTICATED, "no key", "send a key")));

        assertRefused(
                ofView("driving", "car-1"), Code.UNAUTHENTICATED, "UNAUTHENTICATED", "send a key");
        Metadata key = new Metadata();
        key.put(
                Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
                "Bearer secret");
        assertThat(
                        features()
                                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(key))
                                .get(ofView("driving", "car-1").build())
                                .getEntitiesCount())
                .isEqualTo(1);
        assertThat(
                        HealthGrpc.newBlockingStub(channel)
                                .check(
                                        HealthCheckRequest.newBuilder()
                                                .setService(FeaturesGrpc.SERVICE_NAME)
                                                .build())
                                .getStatus())
                .isEqualTo(ServingStatus.SERVING);
        assertThat(queries.readers().views())
                .containsEntry("driving", List.of(new OnlineReader("garage", 1, NOW)));
    }
}
