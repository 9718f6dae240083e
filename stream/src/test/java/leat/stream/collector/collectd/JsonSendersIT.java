package leat.stream.collector.collectd;

import static leat.stream.collector.http.RawClient.post;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import leat.stream.collector.http.RawClient;
import leat.stream.collector.otlp.TelemetryContracts;
import leat.stream.collector.otlp.TelemetryFixture;
import leat.stream.testing.Await;
import leat.stream.testing.RealProgram;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Programs that send JSON over HTTP, as they come.
@Timeout(value = 180, unit = TimeUnit.SECONDS)
final class JsonSendersIT {

    private static final String JSON = "Content-Type: application/json";

    @TempDir private Path folder;

    private TelemetryFixture collector;

    @BeforeEach
    void open() {
        collector = TelemetryFixture.open();
    }

    @AfterEach
    void close() {
        collector.close();
    }

    @Test
    void valuesOfCollectdAreDataPoints() throws Exception {
        String program = RealProgram.require("collectd", "collectd-core").toString();
        Path configuration = folder.resolve("collectd.conf");
        Files.writeString(
                configuration,
                """
                Hostname "m1"
                FQDNLookup false
                Interval 0.5
                BaseDir "%1$s"
                PIDFile "%1$s/pid"
                TypesDB "/usr/share/collectd/types.db"
                LoadPlugin load
                LoadPlugin memory
                LoadPlugin interface
                LoadPlugin write_http
                <Plugin write_http>
                  <Node "leat">
                    URL "http://127.0.0.1:%2$d/v1/collectd"
                    Format "JSON"
                    BufferSize 1024
                  </Node>
                </Plugin>
                """
                        .formatted(folder, collector.port()));
        try (RealProgram collectd =
                RealProgram.start(
                        folder.resolve("out"),
                        List.of(program, "-f", "-C", configuration.toString()))) {
            Await.untilTrue(() ->
                    collector.events(TelemetryContracts.METRICS).stream()
                            .map(event -> event.path("metric").asString())
                            .toList()
                            .containsAll(
                                    List.of("load.shortterm", "memory", "interface.if_octets.rx")));
            collectd.stop();
        }

        List<JsonNode> events = collector.events(TelemetryContracts.METRICS);
        assertThat(events).allMatch(event -> event.path("host").asString().equals("m1"));
        JsonNode octets =
                events.stream()
                        .filter(e -> e.path("metric").asString().equals("interface.if_octets.rx"))
                        .findFirst()
                        .orElseThrow();
        assertThat(octets.path("kind").asString()).isEqualTo("sum");
        assertThat(octets.path("attributes").path(0).path("key").asString())
                .isEqualTo("plugin_instance");
        assertThat(collector.dead(TelemetryContracts.METRICS)).isEmpty();
    }

    @Test
    void valueListsThatAreNoneAreDeadLetters() throws Exception {
        try (RawClient client = new RawClient(collector.port())) {
            RawClient.Response mixed =
                    client.send(
                                    post(
                                            "/v1/collectd",
                                            "[{\"values\":[1,null],\"dstypes\":[\"derive\",\"gauge\"],"
                                                    + "\"dsnames\":[\"rx\",\"value\"],"
                                                    + "\"time\":1764237600.125,\"host\":\"h\","
                                                    + "\"plugin\":\"p\",\"type\":\"t\"},"
                                                    + "{\"values\":[1]},7]",
                                            JSON))
                            .read();
            RawClient.Response broken = client.send(post("/v1/collectd", "[{", JSON)).read();

            assertThat(mixed.status()).isEqualTo(207);
            assertThat(mixed.body()).contains("\"accepted\":2,\"dead\":2");
            assertThat(broken.status()).isEqualTo(400);
        }
        List<JsonNode> events = collector.events(TelemetryContracts.METRICS);
        assertThat(events)
                .extracting(event -> event.path("metric").asString())
                .containsExactlyInAnyOrder("p.t.rx", "p.t");
        assertThat(events).allMatch(e -> e.path("time").asString().endsWith("10:00:00.125Z"));
        assertThat(collector.dead(TelemetryContracts.METRICS)).hasSize(2);
    }

    @Test
    void syslogNgSendsBatchesOfLogRecords() throws Exception {
        RealProgram.require("curl", "curl");
        Path input = folder.resolve("in.log");
        Files.writeString(
                input,
                IntStream.range(0, 300)
                        .mapToObj(i -> "<11>Jan  3 11:00:00 m1 shop[7]: \"line\" " + i + "\n")
                        .reduce("", String::concat));
        Path configuration = folder.resolve("syslog-ng.conf");
        Files.writeString(
                configuration,
                """
                @version: 3.38
                options { keep-hostname(yes); stats-freq(0); };
                source in { file("%s" read-old-records(yes) follow-freq(0.1)); };
                destination leat {
                  http(
                    url("http://127.0.0.1:%d/v1/events/log-record")
                    method("POST") headers("Content-Type: application/json")
                    body-prefix("[") delimiter(",") body-suffix("]")
                    batch-lines(50) batch-timeout(100)
                    body("$(format-json time=$ISODATE body=$MESSAGE service=$PROGRAM host=$HOST severity=$LEVEL)")
                  );
                };
                log { source(in); destination(leat); };
                """
                        .formatted(input, collector.port()));
        try (RealProgram _ = RealProgram.syslogNg(folder, configuration)) {
            Await.untilTrue(() -> collector.records(TelemetryContracts.LOGS).size() >= 300);
        }

        List<JsonNode> events = collector.events(TelemetryContracts.LOGS);
        assertThat(events.stream().map(event -> event.path("body").asString()).distinct())
                .hasSize(300)
                .contains("\"line\" 17");
        assertThat(events).allMatch(event -> event.path("severity").asString().equals("err"));
        assertThat(collector.dead(TelemetryContracts.LOGS)).isEmpty();
    }

    /// Fluentd's `out_http` with its defaults, and with `json_array true`.
    @Test
    void fluentdsBodiesAreTaken() throws Exception {
        String record = "{\"time\":\"2026-01-03T10:00:00+00:00\",\"body\":\"x\",\"service\":\"s\"}";
        try (RawClient client = new RawClient(collector.port())) {
            RawClient.Response lines =
                    client.send(
                                    post(
                                            "/v1/events/log-record",
                                            record + "\n" + record + "\n",
                                            "Content-Type: application/x-ndjson"))
                            .read();
            RawClient.Response array =
                    client.send(post("/v1/events/log-record", "[" + record + "]", JSON)).read();

            assertThat(lines.status()).isEqualTo(202);
            assertThat(array.status()).isEqualTo(202);
        }
        assertThat(collector.events(TelemetryContracts.LOGS)).hasSize(3);
    }
}
