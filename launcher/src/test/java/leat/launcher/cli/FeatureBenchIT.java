package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import leat.bench.BackfillBench;
import leat.bench.EqualityBench;
import leat.bench.FreshnessBench;
import leat.bench.Workbench;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.event.EventGenerator;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.yaml.Checked;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.config.Workspace;
import leat.stream.log.LogConnection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Slices of `leat bench features` of a few seconds, the parts that compute. Each fails where what
/// it has written is not what it should be; of a slice's times nothing follows.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class FeatureBenchIT {

    private static final int EVENTS = 10_000;
    private static final Path EXAMPLE = Path.of("..", "examples", "connected-car");
    private static final Checked<Contracts> CONTRACTS =
            OdcsReader.readFolder(EXAMPLE.resolve(Workspace.CONTRACTS_FOLDER));
    private static final List<FeatureView> VIEWS =
            FeatureViewReader.readFolder(EXAMPLE.resolve(Workspace.FEATURES_FOLDER), CONTRACTS)
                    .orThrow()
                    .stream()
                    .map(CompiledView::view)
                    .toList();

    @TempDir private Path folder;

    @Test
    void computesAViewBesideACopy() {
        assertThat(slice(bench -> BackfillBench.run(bench, driving(), 0)))
                .containsOnlyKeys("feature-backfill-vs-copy")
                .allSatisfy((_, value) -> assertThat(value).isPositive());
    }

    @Test
    void seesAcceptedEventsInTheFeaturesThatAreServed() {
        assertThat(slice(bench -> FreshnessBench.run(bench, List.of(driving()), 500)))
                .containsOnlyKeys("feature-freshness-p50-millis", "feature-freshness-p99-millis")
                .allSatisfy((_, value) -> assertThat(value).isPositive());
    }

    @Test
    void findsNoDifferenceAfterInstancesCameAndWent() {
        assertThat(slice(bench -> EqualityBench.run(bench, VIEWS)))
                .containsEntry("feature-equality-differences", 0.0)
                .hasEntrySatisfying(
                        "feature-equality-compared",
                        vectors ->
                                assertThat(vectors)
                                        .isGreaterThanOrEqualTo((double) VIEWS.size() * EVENTS));
    }

    private static FeatureView driving() {
        return VIEWS.stream()
                .filter(view -> view.name().value().equals("driving"))
                .findFirst()
                .orElseThrow();
    }

    /// @return the figures by the metric's name
    private Map<String, Double> slice(Consumer<Workbench> part) {
        EventGenerator generator = EventGenerator.named("connected-car");
        Contract contract =
                CONTRACTS
                        .orThrow()
                        .find(generator.contracts().getFirst().value())
                        .map(BenchCommand::askingNobody)
                        .orElseThrow();
        Map<String, Double> figures = new HashMap<>();
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(
                        new EmbeddedKafka.Settings(folder.resolve("kafka"), 0, false, Map.of()))) {
            part.accept(
                    new Workbench(
                            new LogConnection(kafka.bootstrapServers()),
                            contract,
                            generator,
                            folder,
                            1,
                            EVENTS,
                            metric -> figures.put(metric.metric(), metric.value()),
                            System.out::println));
        }
        return figures;
    }
}
