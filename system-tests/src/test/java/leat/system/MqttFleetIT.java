package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A small fleet of connected cars, as `leat bench mqtt` drives a large one.
@Timeout(360)
final class MqttFleetIT {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final Pattern AUDIT =
            Pattern.compile(
                    "audit clean: 1,000 acknowledged, ([\\d,]+) raw, 1,000 enriched, ([\\d,]+)"
                            + " duplicates, 0 dead, 1,000 in the lake");
    private static final long LOOK_NANOS = Duration.ofMillis(50).toNanos();

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void holdsEveryCarAndLosesNothingOfWhatTheyPublish() {
        // When
        try (LeatProcess bench = bench("--connections", "200", "--rate", "200", "--hold", "2s")) {
            int exitCode = bench.awaitExit(LIMIT);

            // Then: the bench itself fails where its audit does not add up
            assertThat(exitCode).as(bench.output()).isZero();
            Map<String, JsonNode> metrics = metrics(bench);
            assertThat(metrics)
                    .as(bench.output())
                    .containsKeys(
                            "mqtt-connect-rate",
                            "mqtt-publish-rate",
                            "mqtt-puback-p50-millis",
                            "mqtt-puback-p99-millis");
            assertThat(value(metrics, "mqtt-connections-held")).isEqualTo(200);
            assertThat(value(metrics, "mqtt-drops")).isZero();
            assertThat(withoutDuplicates(bench)).isEqualTo(1_000);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void leavesNoProcessBehind(boolean killed) {
        // Given
        try (LeatProcess bench = bench("--connections", "50", "--rate", "50", "--hold", "2m")) {
            await(bench, "50 of 50 connected");
            List<ProcessHandle> children =
                    ProcessHandle.of(bench.pid()).orElseThrow().descendants().toList();
            assertThat(children).as("a collector and a process of cars").hasSize(2);

            // When
            if (killed) {
                bench.kill();
            } else {
                bench.stop();
            }

            // Then
            long limit = System.nanoTime() + LIMIT.toNanos();
            while (children.stream().anyMatch(ProcessHandle::isAlive)) {
                assertThat(System.nanoTime()).as("children that live on").isLessThan(limit);
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    private LeatProcess bench(String... options) {
        return LeatProcess.startBench(folder, options);
    }

    private static void await(LeatProcess bench, String words) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!bench.output().contains(words)) {
            if (!bench.isAlive() || System.nanoTime() > limit) {
                throw new IllegalStateException("never said '" + words + "':\n" + bench.output());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    /// A collector whose log was slow has stored an event again; that is one event.
    private static int withoutDuplicates(LeatProcess bench) {
        Matcher audit = AUDIT.matcher(bench.output());
        assertThat(audit.find()).as(bench.output()).isTrue();
        return number(audit.group(1)) - number(audit.group(2));
    }

    private static int number(String text) {
        return Integer.parseInt(text.replace(",", ""));
    }

    private static Map<String, JsonNode> metrics(LeatProcess bench) {
        return bench.output()
                .lines()
                .filter(line -> line.startsWith("{"))
                .map(JSON::readTree)
                .collect(Collectors.toMap(line -> line.path("metric").asString(""), line -> line));
    }

    private static double value(Map<String, JsonNode> metrics, String name) {
        return Objects.requireNonNull(metrics.get(name)).path("value").asDouble(-1);
    }
}
