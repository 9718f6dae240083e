package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A contract that changes between runs of the platform, while its events stay: a compatible
/// version within the major one, a second major version beside the first, and one that is refused.
final class ContractUpgradeIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String FIRST =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: ride
            version: 1.0.0
            status: active
            schema:
              - name: ride
                properties:
                  - {name: ride, logicalType: integer, required: true, primaryKey: true}
                  - {name: speed, logicalType: integer, logicalTypeOptions: {maximum: 100}}
                  - {name: place, logicalType: string}
            """;

    /// Wider, with one more field, and one that is called otherwise.
    private static final String SECOND =
            FIRST.replace("1.0.0", "1.1.0")
                    .replace("maximum: 100", "maximum: 300")
                    .replace(
                            "{name: place, logicalType: string}",
                            "{name: town, logicalType: string, customProperties:"
                                    + " [{property: leat.renamedFrom, value: place}]}\n"
                                    + "      - {name: gear, logicalType: integer}");

    /// Another type: a version of its own.
    private static final String MAJOR =
            FIRST.replace("1.0.0", "2.0.0")
                    .replace("speed, logicalType: integer", "speed, logicalType: number");

    /// In Avro. The second version of the record has one more field.
    private static final String READING =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: reading
            version: 1.0.0
            status: active
            schema:
              - name: reading
                properties:
                  - {name: reading, logicalType: integer, required: true, primaryKey: true}
                  - {name: gear, logicalType: integer}
            customProperties:
              - {property: leat.encoding, value: {format: avro, schema: reading.avsc}}
            """;

    private static final String RECORD =
            """
            {"type": "record", "name": "Reading", "fields": [{"name": "reading", "type": "int"}]}
            """;
    private static final String WIDER_RECORD =
            RECORD.replace("]}", ", {\"name\": \"gear\", \"type\": \"int\", \"default\": 1}]}");

    @TempDir private Path workspace;
    private final HttpClient http = HttpClient.newHttpClient();
    private int offset;

    @BeforeEach
    void aWorkspaceWithTheFirstVersion() throws IOException {
        offset = LeatProcess.freePortOffset(new Random(System.nanoTime()));
        Files.createDirectories(workspace.resolve("contracts"));
        Files.writeString(workspace.resolve("leat.yaml"), "format: 1\n");
        write("ride", FIRST);
        write("reading", READING);
        Files.writeString(workspace.resolve("contracts/reading.avsc"), RECORD);
    }

    @Test
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    void eventsOfAllVersionsAreRightInSqlAndSearch() throws Exception {
        String firstSchemas;
        int firstRecord;
        try (LeatProcess first = up()) {
            post(first, "ride", "{\"ride\": 1, \"speed\": 90, \"place\": \"Ulm\"}", 202);
            post(first, "ride", "{\"ride\": 2, \"speed\": 200, \"place\": \"Ulm\"}", 202);
            awaitRows(
                    first, "SELECT ride, speed, place FROM ride ORDER BY ride", "[[1,90,\"Ulm\"]]");
            awaitHits(first, "place:Ulm", 1);
            firstSchemas = schemas(first);
            firstRecord = recordId(first);
            postReading(first, firstRecord, 1);
            awaitRows(first, "SELECT reading, gear FROM reading", "[[1,null]]");
            LeatProcess.Finished tail =
                    LeatProcess.run(workspace, offset, "tail", "reading", "--topic", "raw");
            assertThat(tail.out()).as(tail.err()).contains("{\"reading\":1}");
            assertThat(first.stop()).isNotEqualTo(1);
        }

        // A compatible version: columns follow, and what was there is read under its new name.
        write("ride", SECOND);
        write("reading", READING.replace("1.0.0", "1.1.0"));
        Files.writeString(workspace.resolve("contracts/reading.avsc"), WIDER_RECORD);
        try (LeatProcess second = up()) {
            post(
                    second,
                    "ride",
                    "{\"ride\": 3, \"speed\": 200, \"town\": \"Bonn\", \"gear\": 5}",
                    202);
            awaitRows(
                    second,
                    "SELECT ride, speed, town, gear FROM ride ORDER BY ride",
                    "[[1,90,\"Ulm\",null],[3,200,\"Bonn\",5]]");
            awaitHits(second, "town:Bonn AND gear:5", 1);
            assertThat(schemas(second)).startsWith(firstSchemas.replace("]", ""));
            int secondRecord = recordId(second);
            assertThat(secondRecord).isGreaterThan(firstRecord);
            postReading(second, firstRecord, 2);
            postReading(second, secondRecord, 3, 5);
            awaitRows(
                    second,
                    "SELECT reading, gear FROM reading ORDER BY reading",
                    "[[1,null],[2,1],[3,5]]");
            second.stop();
        }

        // Breaking within the major version: refused by plan, validate and up, with line and
        // remedy.
        write(
                "ride",
                SECOND.replace("1.1.0", "1.2.0")
                        .replace("ride, logicalType: integer", "ride, logicalType: string"));
        LeatProcess.Finished refused = LeatProcess.run(workspace, offset, "run", "kafka");
        assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
        assertThat(refused.err())
                .contains(
                        "ride.odcs.yaml:4: version: events of 1.1.0 could not all be read any more")
                .contains("ride.odcs.yaml:9: ride: type integer became string")
                .contains("Write version 2.0.0 into a file of its own");

        // A second major version beside the first, which is deprecated.
        write("ride", SECOND.replace("status: active", "status: deprecated") + deprecation());
        write("ride-2", MAJOR);
        try (LeatProcess third = up()) {
            HttpResponse<String> old =
                    post(third, "ride.v1", "{\"ride\": 4, \"speed\": 7, \"town\": \"Kiel\"}", 202);
            post(third, "ride", "{\"ride\": 4, \"speed\": 7.5, \"place\": \"Kiel\"}", 202);
            assertThat(old.headers().firstValue("deprecation")).hasValue("@1764547200");
            assertThat(old.headers().firstValue("sunset"))
                    .hasValue("Tue, 01 Jan 2999 00:00:00 GMT");
            assertThat(old.headers().firstValue("link"))
                    .hasValue("</v1/events/ride.v2>; rel=\"successor-version\"");
            awaitRows(
                    third,
                    "SELECT ride, speed, town FROM ride_v1 WHERE ride > 3",
                    "[[4,7,\"Kiel\"]]");
            awaitRows(third, "SELECT ride, speed, place FROM ride_v2", "[[4,7.5,\"Kiel\"]]");
            awaitRows(third, "SELECT speed FROM ride", "[[7.5]]");
            assertThat(get(third, "/schema-registry/subjects/leat.raw.ride.v2-value/versions"))
                    .isEqualTo("[1]");
            assertThat(get(third, "/schema-registry/subjects/leat.raw.ride.v1-value/versions"))
                    .isEqualTo("[1,2]");
            LeatProcess.Finished status = LeatProcess.run(workspace, offset, "status");
            assertThat(status.out())
                    .contains("ride.v1 is deprecated until 2999-01-01, use ride.v2");
            Files.delete(workspace.resolve("contracts/ride.odcs.yaml"));
            LeatProcess.Finished plan = LeatProcess.run(workspace, offset, "plan", "--json");
            assertThat(plan.out()).contains("1.1.0 is registered and no longer in contracts/");
            LeatProcess.Finished same =
                    LeatProcess.run(workspace, offset, "validate", "--against", "log");
            assertThat(same.exitCode()).as(same.err()).isZero();
            assertThat(same.out())
                    .contains(
                            "ride 2.0.0 against 2.0.0: same",
                            "ride.v1: no longer in the workspace");
            third.stop();
        }
    }

    private static String deprecation() {
        return """
        customProperties:
          - property: leat.deprecation
            value: {since: 2025-12-01, until: 2999-01-01, successor: ride.v2}
        """;
    }

    private void write(String name, String contract) throws IOException {
        Files.writeString(workspace.resolve("contracts/" + name + ".odcs.yaml"), contract);
    }

    private LeatProcess up() {
        LeatProcess process = LeatProcess.start(workspace, offset, List.of(), "up");
        try {
            process.awaitReady(LIMIT);
            return process;
        } catch (IllegalStateException e) {
            process.close();
            throw e;
        }
    }

    private HttpResponse<String> post(
            LeatProcess process, String contract, String event, int status) throws Exception {
        HttpResponse<String> answer =
                send(process.collector().resolve("/v1/events/" + contract), event);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return answer;
    }

    /// The id of the newest schema that readings are written with.
    private int recordId(LeatProcess process) throws Exception {
        String path = "/schema-registry/subjects/leat.raw.reading.v1-Reading/versions/latest";
        JsonNode latest = JSON.readTree(get(process, path));
        assertThat(latest.path("schemaType").isMissingNode()).as("Avro has no type").isTrue();
        return latest.path("id").asInt();
    }

    /// Sends small numbers, which Avro writes doubled into one byte each, behind a schema's id.
    private void postReading(LeatProcess process, int id, int... values) throws Exception {
        ByteBuffer event = ByteBuffer.allocate(5 + values.length).put((byte) 0).putInt(id);
        for (int value : values) {
            event.put((byte) (2 * value));
        }
        HttpResponse<String> answer =
                http.send(
                        HttpRequest.newBuilder(process.collector().resolve("/v1/events/reading"))
                                .header("Content-Type", "application/vnd.confluent.avro")
                                .POST(BodyPublishers.ofByteArray(event.array()))
                                .build(),
                        BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    }

    private String schemas(LeatProcess process) throws Exception {
        return get(process, "/schema-registry/subjects/leat.raw.ride.v1-value/versions");
    }

    private String get(LeatProcess process, String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(process.console().resolve(path)).build(),
                        BodyHandlers.ofString())
                .body();
    }

    private HttpResponse<String> send(URI address, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(address)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private void awaitRows(LeatProcess process, String sql, String rows) throws Exception {
        String query = JSON.writeValueAsString(java.util.Map.of("sql", sql));
        String seen = "";
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                HttpResponse<String> answer = send(process.console().resolve("/api/v1/sql"), query);
                seen = answer.body();
                if (answer.statusCode() == 200
                        && JSON.readTree(seen).path("rows").toString().equals(rows)) {
                    return;
                }
            } catch (IOException e) {
                // The collector is there before the console.
                seen = String.valueOf(e.getMessage());
            }
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        assertThat(seen).as("%s\n%s", sql, process.output()).isEqualTo(rows);
    }

    private void awaitHits(LeatProcess process, String query, int hits) throws Exception {
        URI address =
                URI.create(
                        "http://127.0.0.1:"
                                + (9200 + offset)
                                + "/leat.enriched.ride.v1/_search?q="
                                + java.net.URLEncoder.encode(
                                        query, java.nio.charset.StandardCharsets.UTF_8));
        String seen = "";
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            try {
                seen =
                        http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                                .body();
                JsonNode total = JSON.readTree(seen).at("/hits/total/value");
                if (total.asInt(-1) == hits) {
                    return;
                }
            } catch (IOException e) {
                // The engine is not there yet.
                seen = String.valueOf(e.getMessage());
            }
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        assertThat(seen).as("%s\n%s", query, process.output()).contains("\"value\":" + hits);
    }
}
