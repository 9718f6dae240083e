package leat.launcher.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

/// A part of `leat bench` of a few seconds, on a broker of its own.
final class BenchSlice {

    static final int EVENTS = 10_000;

    private static final Path EXAMPLE = Path.of("..", "examples", "connected-car");
    private static final Checked<Contracts> CONTRACTS =
            OdcsReader.readFolder(EXAMPLE.resolve(Workspace.CONTRACTS_FOLDER));

    /// Those of the example.
    static final List<FeatureView> VIEWS =
            FeatureViewReader.readFolder(EXAMPLE.resolve(Workspace.FEATURES_FOLDER), CONTRACTS)
                    .orThrow()
                    .stream()
                    .map(CompiledView::view)
                    .toList();

    private BenchSlice() {}

    static FeatureView view(String name) {
        return VIEWS.stream()
                .filter(view -> view.name().value().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /// Measures one round.
    ///
    /// @return the figures by the metric's name
    static Map<String, Double> figures(Path folder, Consumer<Workbench> part) {
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
