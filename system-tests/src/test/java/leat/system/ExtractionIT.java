package leat.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import leat.core.contract.Contract;
import leat.launcher.config.Workspace;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `leat send --follow` and a scheduled pull of the whole program, killed again and again, the
/// collector too: what they read is in the enriched topic once.
final class ExtractionIT {

    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final List<String> JAVA_OPTIONS = List.of("-Xmx384m");
    private static final Duration PAUSE = Duration.ofMillis(50);
    private static final int ROUNDS = 3;
    private static final int LINES = 400;
    private static final int PULLED = 250;
    private static final int PAGE = 100;

    private static final String CONTRACT =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: clicks
            name: clicks
            version: 1.0.0
            status: active
            schema:
              - name: clicks
                logicalType: object
                properties:
                  - {name: from, logicalType: string, required: true}
                  - {name: n, logicalType: integer, required: true}
            """;

    @TempDir private Path folder;

    private final int offset = LeatProcess.freePortOffset(new Random(System.nanoTime()));
    private @Nullable LeatProcess platform;
    private @Nullable HttpServer pages;

    @Test
    @Timeout(value = 12, unit = TimeUnit.MINUTES)
    void whatIsFollowedAndPulledArrivesOnceWhateverIsKilled() throws Exception {
        // Given
        HttpServer server = serve();
        pages = server;
        Files.createDirectories(folder.resolve("contracts"));
        Files.writeString(folder.resolve("contracts").resolve("clicks.odcs.yaml"), CONTRACT);
        Files.createDirectories(folder.resolve("extractions"));
        Files.writeString(
                folder.resolve("extractions").resolve("items.yaml"),
                """
                contract: clicks
                every: 500ms
                http:
                  url: http://127.0.0.1:%d/items
                  pages: {parameter: page, rows: %d}
                """
                        .formatted(server.getAddress().getPort(), PAGE));
        Files.writeString(folder.resolve("leat.yaml"), "format: 1\n");
        Path file = folder.resolve("clicks.jsonl");

        // When
        platform = platform();
        for (int round = 0; round < ROUNDS; round++) {
            if (round == 2) {
                Files.move(file, folder.resolve("clicks.jsonl.1"));
            }
            append(file, round * LINES);
            int reached = round * LINES + 1;
            try (LeatProcess follower = follower(file)) {
                await(() -> count("file") >= reached, follower);
                if (round % 2 == 1) {
                    restart();
                }
                follower.kill();
            }
        }
        append(file, ROUNDS * LINES);
        int all = (ROUNDS + 1) * LINES;
        try (LeatProcess follower = follower(file)) {
            await(() -> count("file") >= all, follower);
            await(() -> count("pull") >= PULLED, follower);
            follower.stop();
            assertThat(follower.output()).contains("Followed: ");
        }

        // Then
        assertThat(events("file")).containsExactlyInAnyOrderElementsOf(lines("file", all));
        assertThat(events("pull")).containsExactlyInAnyOrderElementsOf(lines("pull", PULLED));
        LeatProcess.Finished status = LeatProcess.run(folder, offset, "status");
        assertThat(status.out()).as(status.err()).contains("clicks");
    }

    @AfterEach
    void end() {
        if (platform != null) {
            platform.kill();
        }
        if (pages != null) {
            pages.stop(0);
        }
    }

    private void restart() {
        LeatProcess running = Objects.requireNonNull(platform);
        running.kill();
        platform = platform();
    }

    private LeatProcess platform() {
        LeatProcess platform =
                LeatProcess.start(
                        folder,
                        offset,
                        JAVA_OPTIONS,
                        "run",
                        "kafka",
                        "collector",
                        "enricher",
                        "extractor");
        platform.awaitReady(LIMIT);
        return platform;
    }

    private LeatProcess follower(Path file) {
        return LeatProcess.start(
                folder,
                offset,
                "follower",
                JAVA_OPTIONS,
                "send",
                "--follow",
                "clicks",
                file.toString());
    }

    private static HttpServer serve() throws IOException {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        List<String> items = lines("pull", PULLED);
        server.createContext(
                "/items",
                exchange -> {
                    String number = exchange.getRequestURI().getQuery().replace("page=", "");
                    int from = Math.min(items.size(), (Integer.parseInt(number) - 1) * PAGE);
                    int to = Math.min(items.size(), from + PAGE);
                    byte[] body =
                            ("[" + String.join(",", items.subList(from, to)) + "]").getBytes(UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        return server;
    }

    private static List<String> lines(String from, int count) {
        return IntStream.range(0, count)
                .mapToObj(n -> "{\"from\":\"" + from + "\",\"n\":" + n + "}")
                .toList();
    }

    private static void append(Path file, int first) throws IOException {
        Files.write(
                file,
                lines("file", first + LINES).subList(first, first + LINES),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /// What is awaited.
    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition, LeatProcess follower) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as(follower.output()).isLessThan(limit);
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private int count(String from) {
        return events(from).size();
    }

    private List<String> events(String from) {
        Workspace workspace = Workspace.open(folder);
        Contract contract = workspace.contracts().all().getFirst();
        String topic = workspace.names().enriched(contract);
        List<String> values = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = workspace.log(offset).reader("test", Map.of())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (partitions.stream()
                    .anyMatch(partition ->
                            consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100))
                        .forEach(record -> values.add(new String(record.value(), UTF_8)));
            }
        }
        return values.stream().filter(value -> value.contains("\"" + from + "\"")).toList();
    }
}
