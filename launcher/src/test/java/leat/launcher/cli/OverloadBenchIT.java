package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
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

    private static final int TRIES = 3;

    private static final OverloadBench.Times SLICE =
            new OverloadBench.Times(
                    Duration.ofSeconds(4), Duration.ofSeconds(4), Duration.ofSeconds(6));

    /// What is lost or left without an answer fails at once; a time is asked again, since an other
    /// program may have had the machine.
    @Test
    void keepsItsPromisesUnderThreeTimesOfWhatTheLogTakes(@TempDir Path folder) {
        // When
        Map<String, Double> ratios = slice(folder.resolve("1"));
        for (int next = 2; next <= TRIES && !meetsTheBars(ratios); next++) {
            ratios = slice(folder.resolve(Integer.toString(next)));
        }

        // Then
        assertThat(ratios)
                .containsEntry("overload-answered", 1.0)
                .containsEntry("overload-in-log", 1.0)
                .hasEntrySatisfying(
                        "overload-accepted-events-per-second",
                        ratio -> assertThat(ratio).isGreaterThan(0.5))
                // A slice is all beginning: the queue of four seconds without a bound would be
                // eight seconds long, so twice the bar tells the two apart.
                .hasEntrySatisfying(
                        "overload-accepted-p99-millis", ratio -> assertThat(ratio).isLessThan(2))
                .hasEntrySatisfying(
                        "overload-recovery-seconds", ratio -> assertThat(ratio).isLessThan(1))
                .hasEntrySatisfying(
                        "overload-memory-growth-mebibytes",
                        ratio -> assertThat(ratio).isLessThan(1));
    }

    private static boolean meetsTheBars(Map<String, Double> ratios) {
        return ratios.getOrDefault("overload-accepted-events-per-second", 0.0) > 0.5
                && ratios.getOrDefault("overload-accepted-p99-millis", 2.0) < 2
                && ratios.getOrDefault("overload-recovery-seconds", 1.0) < 1
                && ratios.getOrDefault("overload-memory-growth-mebibytes", 1.0) < 1;
    }

    /// Of a broker of its own.
    ///
    /// @return ratios by the metric's name
    private static Map<String, Double> slice(Path folder) {
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
        Map<String, Double> ratios = new HashMap<>();
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(
                        new EmbeddedKafka.Settings(
                                folder.resolve("kafka"),
                                0,
                                false,
                                OverloadBench.BROKER_PROPERTIES))) {
            OverloadBench.run(
                    new Workbench(
                            new LogConnection(kafka.bootstrapServers()),
                            contract,
                            generator,
                            folder,
                            1,
                            10_000,
                            metric -> ratios.put(metric.metric(), metric.ratio()),
                            System.out::println),
                    SLICE);
        }
        return ratios;
    }
}
