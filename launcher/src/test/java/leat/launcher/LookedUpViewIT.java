package leat.launcher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import leat.core.event.EventHeaders;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.cli.LeatCommandLines;
import leat.launcher.config.Workspace;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A contract whose events look up a view that is made of them; the view is computed elsewhere.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class LookedUpViewIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<Role> FRONT = Set.of(Role.COLLECTOR, Role.ENRICHER, Role.CONSOLE);
    private static final Set<Role> FEATURES = Set.of(Role.FEATURES);
    private static final String ENRICHED = "leat.enriched.orders.v1";

    private static final String ORDERS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: orders
            version: 1.0.0
            status: active
            schema:
              - name: order
                properties:
                  - {name: order, logicalType: string, required: true, primaryKey: true}
                  - {name: customer, logicalType: string, required: true}
                  - {name: shop, logicalType: integer, required: true}
                  - {name: amount, logicalType: number, required: true}
                  - {name: usual, logicalType: number}
                  - {name: excess, logicalType: number}
            customProperties:
              - {property: leat.key, value: customer}
              - property: leat.enrich
                value:
                  - {lookup: shops, key: string(event.shop), fields: {usual: amount_max_1d}}
                  - {field: excess, expression: event.amount - event.usual, onFailure: skip}
            """;

    private static final String SHOPS =
            """
            version: VERSION
            entity: shop
            source: orders
            key: shop
            features:
              - {name: amount, expression: AMOUNT, aggregate: max, windows: 1d}
              - {name: excess, expression: event.excess, aggregate: max, windows: 1d}
            """;

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;
    private int sent;

    /// An enriched order.
    ///
    /// @param version of the view that it is held against
    private record Order(String version, JsonNode value) {

        static Order of(ConsumerRecord<byte[], byte[]> record) {
            String seen = String.valueOf(EventHeader.text(record.headers(), EventHeaders.LOOKUPS));
            return new Order(
                    seen.replaceFirst("/.*", ""), JSON.readTree(new String(record.value(), UTF_8)));
        }

        boolean isHeldAgainst(double usual) {
            return value.path("usual").asDouble() == usual
                    && value.path("excess").asDouble() == value.path("amount").asDouble() - usual;
        }
    }

    @Test
    void laterEventsAreHeldAgainstTheVersionThatServes() throws Exception {
        LeatCommandLines.initialize(folder);
        Files.writeString(folder.resolve("contracts/orders.odcs.yaml"), ORDERS);
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            LeatCommandLines.configure(folder, broker);
            LogConnection log = new LogConnection(broker.bootstrapServers());
            writeView(1, "event.amount");
            assertThat(run("plan").output()).containsPattern("create +view +shops.v1");
            try (Platform platform = start(FRONT);
                    Platform _ = start(FEATURES)) {
                // The first order of a shop finds nothing, and does not wait for it
                Order first = order(platform, log);
                assertThat(first.value().has("usual")).isFalse();
                assertThat(first.version()).isEqualTo("shops.v1");

                Order held = first;
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                while (!held.value().has("usual")) {
                    assertThat(System.nanoTime()).isLessThan(deadline);
                    held = order(platform, log);
                }
                assertThat(held.isHeldAgainst(16)).isTrue();
                assertVerified("shops.v1");
            }

            writeView(2, "event.amount * 2.0");
            try (Platform platform = start(FRONT)) {
                // Given a new version that nobody fills yet
                Order order = order(platform, log);
                assertThat(order.version()).isEqualTo("shops.v1");

                // When it is filled while orders come
                try (Platform _ = start(FEATURES)) {
                    long deadline = System.nanoTime() + PATIENCE.toNanos();
                    while (order.version().equals("shops.v1")) {
                        assertThat(System.nanoTime()).isLessThan(deadline);
                        assertThat(order.isHeldAgainst(16)).isTrue();
                        order = order(platform, log);
                    }

                    // Then each is held against the one or the other, and none finds nothing
                    assertThat(order.version()).isEqualTo("shops.v2");
                    assertThat(order.isHeldAgainst(32)).isTrue();
                    assertThat(order(platform, log).isHeldAgainst(32)).isTrue();
                    assertVerified("shops.v2");
                }
                assertThat(run("catalog", "usual", "--json").output())
                        .contains("shops.v2:amount_max_1d");
            }
        }
    }

    /// One more order of the shop, once it is enriched.
    private Order order(Platform platform, LogConnection log) throws Exception {
        sent++;
        new WorkspaceCommands(folder)
                .send(
                        platform,
                        "orders",
                        List.of(
                                "{\"order\":\"o"
                                        + sent
                                        + "\",\"customer\":\"ann\",\"shop\":7,\"amount\":16.0}"));
        List<ConsumerRecord<byte[], byte[]>> orders = TopicRecords.await(log, ENRICHED, sent);
        return Order.of(orders.getLast());
    }

    /// A replay of the orders, which have the values that were found, gives the same vectors.
    private void assertVerified(String version) {
        String view = version.substring(0, version.indexOf('.'));
        LeatCommandLines.Ended ended = run("features", "verify", view);
        assertThat(ended.output()).contains(version).contains(" 0 differences");
        assertThat(ended.exitCode()).isZero();
    }

    private void writeView(int version, String amount) throws Exception {
        Files.createDirectories(folder.resolve("features"));
        Files.writeString(
                folder.resolve("features/shops.yaml"),
                SHOPS.replace("VERSION", String.valueOf(version)).replace("AMOUNT", amount));
    }

    private Platform start(Set<Role> roles) {
        PrometheusRegistry.defaultRegistry.clear();
        return Platform.start(Workspace.open(folder), new Platform.Options(roles, "1", 0));
    }

    private LeatCommandLines.Ended run(String... words) {
        return new WorkspaceCommands(folder).run(words);
    }
}
