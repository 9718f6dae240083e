package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Predictions are explained by the events that their features are made of.
final class ExplainedEventsIT {

    private static final String TIMED_ORDERS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: orders
            version: 1.0.0
            status: active
            schema:
              - name: order
                logicalType: object
                properties:
                  - {name: order, logicalType: string, required: true, primaryKey: true}
                  - {name: customer, logicalType: string, required: true}
                  - {name: amount, logicalType: number, required: true}
                  - {name: placed, logicalType: timestamp, required: true}
            customProperties:
              - {property: leat.key, value: customer}
              - {property: leat.time, value: placed}
              - {property: leat.partitions, value: 1}
            """;

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @Test
    void featuresAreExplainedByTheEventsThatTheyAreMadeOf() throws Exception {
        ChurnPlatform.define(folder);
        Files.writeString(folder.resolve("contracts/orders.odcs.yaml"), TIMED_ORDERS);
        try (ChurnPlatform churn = ChurnPlatform.start(brokerFolder, folder)) {
            // Given orders of two customers, one twice, and one that comes late
            churn.alias("champion", 1);
            churn.send(order("a1", "ann", 0));
            churn.send(order("a2", "ann", 10));
            churn.send(order("b1", "bob", 12));
            churn.send(order("a2", "ann", 10));
            churn.send(order("a3", "ann", 65));
            churn.send(order("b2", "bob", 66));
            churn.send(order("a4", "ann", 40));
            churn.send(order("b3", "bob", 67));
            churn.awaitRows("churn", 7);

            // When the predictions of the last two orders of ann are explained
            List<String> vectors =
                    churn.sql(
                                    "SELECT vector AS x FROM churn_v1 WHERE entity = 'ann'"
                                            + " ORDER BY split_part(vector, '@', 2)::BIGINT")
                            .lines()
                            .skip(1)
                            .map(String::strip)
                            .filter(line -> line.contains("@"))
                            .toList();
            assertThat(vectors).hasSize(4);
            JsonNode inTime = explained(churn, vectors.get(2));
            JsonNode late = explained(churn, vectors.get(3));

            // Then each has what its windows saw, and the row feature the newest order
            assertThat(eventsOf(inTime, 0)).containsExactly("a3");
            assertThat(eventsOf(inTime, 1)).containsExactly("a3", "a2");
            assertThat(eventsOf(late, 0)).containsExactly("a3");
            assertThat(eventsOf(late, 1)).containsExactly("a3", "a4", "a2");
            assertThat(late.at("/features/1/value").asInt()).isEqualTo(3);
            assertThat(late.at("/features/1/events/count").asInt()).isEqualTo(3);
            assertThat(late.at("/features/1/events/complete").asBoolean()).isTrue();
            assertThat(late.at("/features/1/events/newest/1/position").asString())
                    .isEqualTo(late.at("/event/position").asString());
            assertThat(late.at("/eventsRead/0/view").asString()).isEqualTo("spending.v1");
            assertThat(late.at("/eventsRead/0/to").asString())
                    .isEqualTo(late.at("/event/position").asString());

            assertThat(churn.models("explain", vectors.get(3), "--events", "2"))
                    .containsPattern("orders_count_1h +3(\\.0+)? .*count\\(\\)")
                    .containsPattern("amount +\\S+@\\d+ +\\S+:05:00Z +a3")
                    .contains("and 1 before")
                    .contains("Events of spending.v1 are those in ");
            assertThat(churn.models("explain", vectors.get(3), "--events", "0"))
                    .contains("orders_count_1h")
                    .doesNotContain("Events of");
            assertThat(churn.models("explain", vectors.get(3), "--events", "5000"))
                    .contains("5000 events of a feature are not 1 to 1000");
        }
    }

    @Test
    void whereEventsAreVectorsWhatIsReadOfThemIsExplainedByTheirOwnEvents() throws Exception {
        ChurnPlatform.define(folder);
        Files.writeString(folder.resolve("contracts/orders.odcs.yaml"), TIMED_ORDERS);
        Files.writeString(
                folder.resolve("features/habits.yaml"),
                """
                entity: customer
                source: spending
                features:
                  - {name: amount, expression: event.amount}
                  - {name: orders, expression: event.orders_count_1h, aggregate: max, windows: 6h}
                """);
        Files.writeString(
                folder.resolve("models/churn.yaml"),
                """
                scoring:
                  model: churn
                  view: habits
                  outputs: {risk: variable}
                """);
        try (ChurnPlatform churn = ChurnPlatform.start(brokerFolder, folder)) {
            // Given orders of which most came in the hour of the fourth, that is late
            churn.alias("champion", 1);
            List<Placed> orders =
                    List.of(
                            new Placed("a1", 0),
                            new Placed("a2", 10),
                            new Placed("a3", 65),
                            new Placed("a4", 40),
                            new Placed("a5", 200),
                            new Placed("a6", 300));
            for (Placed one : orders) {
                churn.send(order(one.order(), "ann", one.minute()));
            }
            churn.awaitRows("churn", orders.size());

            // When the newest prediction is explained by one event of each feature
            String vector =
                    churn.cell(
                            "SELECT vector AS x FROM churn_v1"
                                    + " ORDER BY split_part(vector, '@', 2)::BIGINT DESC");
            JsonNode explained =
                    JsonMapper.shared()
                            .readTree(churn.models("explain", vector, "--events", "1", "--json"));

            // Then the vector that decides is named, and both vectors have what a recount finds
            JsonNode most = explained.at("/features/1/events");
            assertThat(most.path("count").asInt()).isEqualTo(orders.size());
            JsonNode deciding = most.at("/deciding/0");
            assertThat(deciding.path("position")).isNotEqualTo(most.at("/newest/0/position"));
            assertThat(explained.at("/features/1/value").asInt()).isEqualTo(3);
            assertThat(explained.path("sourceVectors")).hasSize(2);
            JsonNode decides = vectorAt(explained, deciding.path("position"));
            assertThat(decides.path("view").asString()).isEqualTo("spending.v1");
            JsonNode counted = ofFeature(decides, "orders_count_1h");
            assertThat(counted.path("value").asInt()).isEqualTo(recounted(orders, 4));
            assertThat(counted.at("/events/count").asInt()).isEqualTo(recounted(orders, 4));
            assertThat(counted.at("/events/complete").asBoolean()).isTrue();
            assertThat(counted.at("/events/newest/0/id").asString()).isEqualTo("a3");
            JsonNode newest = vectorAt(explained, most.at("/newest/0/position"));
            assertThat(ofFeature(newest, "orders_count_1h").at("/events/count").asInt())
                    .isEqualTo(recounted(orders, 6));
            assertThat(ofFeature(newest, "amount").at("/events/deciding/0/id").asString())
                    .isEqualTo("a6");
            assertThat(explained.at("/eventsRead/0/vectorsOf").asString()).isEqualTo("spending.v1");
            assertThat(explained.at("/eventsRead/1/view").asString()).isEqualTo("spending.v1");
            assertThat(explained.at("/eventsRead/1/lacking").isString()).isFalse();
            assertThat(churn.models("explain", vector, "--events", "1"))
                    .contains("They are vectors of spending.v1; what is read of those")
                    .contains("What is read of vectors of spending.v1:")
                    .containsPattern("orders_count_1h +3 +3 +\\S+@\\d+ +\\S+:05:00Z +a3");
        }
    }

    @Test
    void vectorsThatWereBroughtToAnotherKeyAreExplainedByTheEventsOfTheirOwnEntities()
            throws Exception {
        ChurnPlatform.define(folder);
        Files.writeString(
                folder.resolve("contracts/orders.odcs.yaml"),
                TIMED_ORDERS.replace(
                        "      - {name: amount,",
                        "      - {name: shop, logicalType: string, required: true}\n"
                                + "      - {name: amount,"));
        Files.writeString(
                folder.resolve("features/spending.yaml"),
                """
                entity: customer
                source: orders
                features:
                  - {name: amount, expression: event.amount}
                  - {name: shop, expression: event.shop}
                  - {name: orders, aggregate: count, windows: 1h}
                """);
        Files.writeString(
                folder.resolve("features/shops.yaml"),
                """
                entity: shop
                source: spending
                key: shop
                features:
                  - {name: amount, expression: event.amount}
                  - {name: orders, expression: event.orders_count_1h, aggregate: max, windows: 6h}
                """);
        Files.writeString(
                folder.resolve("models/churn.yaml"),
                """
                scoring:
                  model: churn
                  view: shops
                  outputs: {risk: variable}
                """);
        try (ChurnPlatform churn = ChurnPlatform.start(brokerFolder, folder)) {
            // Given orders of two customers in one shop, the last of the one with fewer
            churn.alias("champion", 1);
            List<Placed> ofAnn =
                    List.of(new Placed("a1", 0), new Placed("a2", 90), new Placed("a3", 95));
            for (Placed one : ofAnn) {
                churn.send(inShop(order(one.order(), "ann", one.minute())));
            }
            churn.send(inShop(order("b1", "bob", 100)));
            churn.awaitRows("churn", 4);

            // When the newest prediction is explained by one event of each feature
            String vector =
                    churn.cell(
                            "SELECT vector AS x FROM churn_v1"
                                    + " ORDER BY split_part(vector, '@', 2)::BIGINT DESC");
            JsonNode explained =
                    JsonMapper.shared()
                            .readTree(churn.models("explain", vector, "--events", "1", "--json"));

            // Then the one that decides is of ann's orders alone, and the newest of bob's
            JsonNode most = explained.at("/features/1/events");
            assertThat(most.path("count").asInt()).isEqualTo(4);
            JsonNode decides =
                    ofFeature(
                            vectorAt(explained, most.at("/deciding/0/position")),
                            "orders_count_1h");
            assertThat(decides.at("/events/count").asLong()).isEqualTo(recounted(ofAnn, 3));
            assertThat(decides.at("/events/complete").asBoolean()).isTrue();
            assertThat(decides.at("/events/newest/0/id").asString()).isEqualTo("a3");
            JsonNode newest =
                    ofFeature(
                            vectorAt(explained, most.at("/newest/0/position")), "orders_count_1h");
            assertThat(newest.at("/events/count").asInt()).isEqualTo(1);
            assertThat(newest.at("/events/newest/0/id").asString()).isEqualTo("b1");
        }
    }

    private static String inShop(String order) {
        return order.replaceFirst("\\{", "{\"shop\":\"s1\",");
    }

    private record Placed(String order, int minute) {}

    /// How many of the first orders were placed in the hour before the newest of them.
    private static long recounted(List<Placed> orders, int first) {
        List<Placed> known = orders.subList(0, first);
        int newest = known.stream().mapToInt(Placed::minute).max().orElseThrow();
        return known.stream().filter(one -> one.minute() > newest - 60).count();
    }

    private static JsonNode vectorAt(JsonNode explained, JsonNode position) {
        for (JsonNode vector : explained.path("sourceVectors")) {
            if (vector.path("position").equals(position)) {
                return vector;
            }
        }
        throw new AssertionError(position + " is not among the vectors of " + explained);
    }

    private static JsonNode ofFeature(JsonNode vector, String name) {
        for (JsonNode feature : vector.path("features")) {
            if (feature.path("name").asString().equals(name)) {
                return feature;
            }
        }
        throw new AssertionError(name + " is not in " + vector);
    }

    private static String order(String order, String customer, int minute) {
        Instant placed = Instant.parse("2026-03-01T12:00:00Z").plus(Duration.ofMinutes(minute));
        return "{\"order\":\"%s\",\"customer\":\"%s\",\"amount\":%d.5,\"placed\":\"%s\"}"
                .formatted(order, customer, minute, placed);
    }

    private static JsonNode explained(ChurnPlatform churn, String vector) {
        return JsonMapper.shared().readTree(churn.models("explain", vector, "--json"));
    }

    /// The ids of the events of a feature.
    private static List<String> eventsOf(JsonNode explained, int feature) {
        List<String> ids = new ArrayList<>();
        explained
                .at("/features/" + feature + "/events/newest")
                .forEach(event -> ids.add(event.path("id").asString()));
        return ids;
    }
}
