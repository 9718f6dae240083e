package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import leat.bench.Metric;
import leat.bench.OverloadBench;
import leat.bench.Workbench;
import leat.core.contract.Contract;
import leat.core.event.EventGenerator;
import leat.core.odcs.OdcsReader;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A slice of `leat bench overload` of a few seconds.
final class OverloadBenchIT {

    private static final OverloadBench.Times SLICE =
            new OverloadBench.Times(
                    Duration.ofSeconds(4), Duration.ofSeconds(4), Duration.ofSeconds(6));

    @Test
    void keepsItsPromisesUnderThreeTimesOfWhatTheLogTakes(@TempDir Path folder) {
        Map<String, Metric> metrics = new HashMap<>();
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(
                        new EmbeddedKafka.Settings(
                                folder.resolve("kafka"),
                                0,
                                false,
                                OverloadBench.BROKER_PROPERTIES))) {
            // Given
            EventGenerator generator = EventGenerator.named("connected-car");
            String events = generator.contracts().getFirst().value();
            Contract contract =
                    OdcsReader.readFolder(Path.of("..", "examples", "connected-car", "contracts"))
                            .orThrow()
                            .all()
                            .stream()
                            .filter(found -> found.name().value().equals(events))
                            .findFirst()
                            .orElseThrow();

            // When
            OverloadBench.run(
                    new Workbench(
                            new LogConnection(kafka.bootstrapServers()),
                            contract,
                            generator,
                            folder,
                            1,
                            10_000,
                            metric -> metrics.put(metric.metric(), metric),
                            System.out::println),
                    SLICE);
        }

        // Then
        Map<String, Double> ratios = new HashMap<>();
        metrics.forEach((name, metric) -> ratios.put(name, metric.ratio()));
        assertThat(ratios)
                .containsEntry("overload-answered", 1.0)
                .containsEntry("overload-in-log", 1.0)
                .hasEntrySatisfying(
                        "overload-accepted-events-per-second",
                        ratio -> assertThat(ratio).isGreaterThan(0.5))
                // A slice is all beginning: the queue of four seconds without a bound would be
                // eight
                // seconds long, so twice the bar tells the two apart.
                .hasEntrySatisfying(
                        "overload-accepted-p99-millis", ratio -> assertThat(ratio).isLessThan(2))
                .hasEntrySatisfying(
                        "overload-recovery-seconds", ratio -> assertThat(ratio).isLessThan(1))
                .hasEntrySatisfying(
                        "overload-memory-growth-mebibytes",
                        ratio -> assertThat(ratio).isLessThan(1));
    }
}
