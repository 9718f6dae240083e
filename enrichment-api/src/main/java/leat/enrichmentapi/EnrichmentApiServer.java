package leat.enrichmentapi;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.scoring.Predictor;
import leat.stream.log.LogConnection;
import leat.stream.log.StageHealth;
import leat.stream.reference.ReferenceView;

/// The server: every reference contract and every CSV file of a workspace, over REST and gRPC.
public final class EnrichmentApiServer implements AutoCloseable {

    private final List<ReferenceView> views = new ArrayList<>();
    private final Deque<Runnable> parts = new ArrayDeque<>();
    private final int httpPort;
    private final int grpcPort;

    /// Where the look-ups come from.
    ///
    /// @param contracts those that are reference data are served
    /// @param csvFolder holds `*.csv`; need not be there
    /// @param models is asked for the models of the settings
    public record Sources(
            LogConnection log,
            Names names,
            List<Contract> contracts,
            Path csvFolder,
            Predictor models) {
        public Sources {
            contracts = List.copyOf(contracts);
        }
    }

    private EnrichmentApiServer(EnrichmentApiSettings settings, Sources sources) {
        try {
            List<Lookup> all = new ArrayList<>(CsvLookup.readFolder(sources.csvFolder()));
            for (Contract contract : served(sources.contracts())) {
                refuseTwice(contract, all, sources.csvFolder());
                ReferenceView view =
                        ReferenceView.open(
                                sources.log(),
                                sources.names(),
                                contract,
                                settings.referenceMemory());
                parts.push(view::close);
                views.add(view);
                all.add(new ReferenceLookup(view));
            }
            for (Map.Entry<String, EnrichmentApiSettings.Model> model :
                    new TreeMap<>(settings.models()).entrySet()) {
                refuseTwice(model.getKey(), all);
                all.add(new ModelLookup(model.getKey(), model.getValue(), sources.models()));
            }
            Lookups lookups = new Lookups(all, settings.trial(), RandomGenerator.getDefault());
            parts.push(() -> views.forEach(ReferenceView::stop));
            RestDoor rest = new RestDoor(settings.http(), lookups);
            parts.push(rest::close);
            httpPort = rest.port();
            GrpcDoor grpc = new GrpcDoor(settings.grpc(), lookups);
            parts.push(grpc::close);
            grpcPort = grpc.port();
            parts.push(lookups::close);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /// Starts listening. Reference contracts answer as soon as they have been read; Kafka need not
    /// be there yet.
    ///
    /// @throws CsvFaulty when a file cannot be looked up in
    /// @throws IllegalArgumentException when a model has the name of a look-up
    public static EnrichmentApiServer start(EnrichmentApiSettings settings, Sources sources) {
        return new EnrichmentApiServer(settings, sources);
    }

    /// The newest version of each reference contract.
    private static List<Contract> served(List<Contract> contracts) {
        return contracts.stream()
                .filter(contract -> contract.reference().isPresent())
                .filter(contract ->
                        contracts.stream()
                                .filter(other -> other.name().equals(contract.name()))
                                .noneMatch(
                                        other -> other.version().compareTo(contract.version()) > 0))
                .toList();
    }

    private static void refuseTwice(Contract contract, List<Lookup> before, Path folder) {
        String name = contract.name().value();
        if (before.stream().anyMatch(lookup -> lookup.name().equals(name))) {
            throw new CsvFaulty(
                    folder.resolve(name + ".csv"),
                    "has the name of the reference contract " + name,
                    "rename the file, or remove it");
        }
    }

    private static void refuseTwice(String model, List<Lookup> before) {
        if (before.stream().anyMatch(lookup -> lookup.name().equals(model))) {
            throw new IllegalArgumentException(
                    "enrichment-api.models." + model + " has the name of a look-up");
        }
    }

    /// Where REST is spoken.
    public int httpPort() {
        return httpPort;
    }

    /// Where gRPC is spoken.
    public int grpcPort() {
        return grpcPort;
    }

    /// How the views of the reference contracts are doing together.
    public StageHealth health() {
        return views.stream()
                .map(ReferenceView::health)
                .reduce(StageHealth::and)
                .orElse(new StageHealth.Running(Map.of()));
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            parts.pop().run();
        }
    }
}
