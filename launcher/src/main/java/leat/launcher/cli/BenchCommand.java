package leat.launcher.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import leat.bench.ApiEnrichBench;
import leat.bench.BackfillBench;
import leat.bench.CollectorBench;
import leat.bench.EnrichBench;
import leat.bench.EqualityBench;
import leat.bench.FreshnessBench;
import leat.bench.LakeBench;
import leat.bench.LatencyBench;
import leat.bench.OnlineBench;
import leat.bench.OverloadBench;
import leat.bench.PointInTimeBench;
import leat.bench.ScoreBench;
import leat.bench.SqlBench;
import leat.bench.Workbench;
import leat.bench.mqtt.FleetFailed;
import leat.console.inference.InferenceSettings;
import leat.core.config.DurationText;
import leat.core.contract.Contract;
import leat.core.contract.EnrichStep;
import leat.core.event.EventGenerator;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.feature.FeatureViewReader;
import leat.core.file.Folders;
import leat.core.odcs.OdcsReader;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.launcher.fleet.MqttBench;
import leat.stream.log.LogConnection;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `leat bench`: what this machine can do, each figure beside a limit measured in the same run. It
/// works in a temporary folder on a broker of its own and touches no workspace.
@Command(
        name = "bench",
        description =
                "Measure this machine: one JSON line a figure, each beside its limit or its peer."
                        + " Uses a broker and a folder of its own.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {

    private static final String GENERATOR = "connected-car";
    private static final String DRIVING = "driving";
    private static final Duration DEFAULT_API_LATENCY = Duration.ofMillis(20);
    private static final int QUICK_ROUNDS = 2;
    private static final int QUICK_EVENTS = 60_000;

    /// What can be measured.
    enum Part {
        COLLECTOR,
        ENRICH,
        LAKE,
        SQL,
        FEATURES,
        SCORE,
        LATENCY,
        OVERLOAD,
        MQTT
    }

    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "PART",
            arity = "0..*",
            description =
                    "collector, enrich, lake, sql, features, score, latency, overload or mqtt; more"
                            + " than one is fine. Default: all but mqtt, which takes the whole"
                            + " machine.")
    private Set<Part> parts = new LinkedHashSet<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description =
                    "Measured rounds, after up to three that warm up. Default: ${DEFAULT-VALUE}.")
    private int rounds = 5;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "300000",
            description = "Events a round. Default: ${DEFAULT-VALUE}.")
    private int events = 300_000;

    @Option(names = "--quick", description = "Two short rounds: a look, not a measurement.")
    private boolean quick;

    @Option(
            names = "--folder",
            paramLabel = "DIR",
            description =
                    "Where to work: a folder on the disk to be measured. Default: the system's"
                            + " folder for temporary files.")
    private Optional<Path> folder = Optional.empty();

    @Option(
            names = "--api-latency",
            paramLabel = "TIME",
            description =
                    "Of enrich, measure only the asking of a service that takes so long for a call,"
                            + " on one partition. Default: 20ms, beside all else.")
    private @Nullable String apiLatency;

    @Option(
            names = "--max-joined-rows",
            paramLabel = "N",
            defaultValue = "256",
            description =
                    "Of score: how many rows of requests that wait for the model are computed"
                            + " together, as console.inference.max-joined-rows; 1 computes each"
                            + " alone. Default: ${DEFAULT-VALUE}.")
    private int maxJoinedRows = 256;

    @Option(
            names = "--connections",
            paramLabel = "N",
            defaultValue = "100000",
            description =
                    "Of mqtt: cars, each with a connection of its own. Default: ${DEFAULT-VALUE}.")
    private int connections = 100_000;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10000",
            description = "Of mqtt: events a second, all cars together. Default: ${DEFAULT-VALUE}.")
    private double rate = 10_000;

    @Option(
            names = "--hold",
            paramLabel = "TIME",
            defaultValue = "2m",
            description =
                    "Of mqtt: how long all are held while they publish. Default: ${DEFAULT-VALUE}.")
    private String hold = "2m";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        apiLatency();
        checkMqtt();
        inferenceSettings();
        Set<Part> wanted = parts.isEmpty() ? EnumSet.complementOf(EnumSet.of(Part.MQTT)) : parts;
        for (Part part : Part.values()) {
            if (wanted.contains(part)) {
                measure(part);
            }
        }
    }

    private void measure(Part part) {
        try {
            Path work =
                    folder.isPresent()
                            ? Files.createTempDirectory(folder.get(), "leat-bench")
                            : Files.createTempDirectory("leat-bench");
            try {
                if (part == Part.MQTT) {
                    measureFleet(work);
                } else {
                    measureOnBroker(part, work);
                }
            } finally {
                Folders.delete(work);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use a temporary folder", e);
        }
    }

    private void measureOnBroker(Part part, Path work) {
        try (EmbeddedKafka kafka =
                EmbeddedKafka.start(
                        new EmbeddedKafka.Settings(
                                work.resolve("kafka"), 0, false, brokerProperties(part)))) {
            measure(part, workbench(new LogConnection(kafka.bootstrapServers()), work));
        }
    }

    private void measureFleet(Path work) {
        try {
            mqtt(work).run();
        } catch (FleetFailed e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "ask for fewer --connections or a lower --rate, or give the machine more to do"
                            + " it with");
        }
    }

    private MqttBench mqtt(Path work) {
        return new MqttBench(
                new MqttBench.Wish(
                        example(), GENERATOR, work, connections, rate, duration("--hold", hold)),
                output::printJson,
                this::tell);
    }

    private void tell(String line) {
        output.err().println(line);
        output.err().flush();
    }

    private Workbench workbench(LogConnection log, Path work) {
        EventGenerator generator = EventGenerator.named(GENERATOR);
        String wanted = generator.contracts().getFirst().value();
        Contract contract =
                OdcsReader.readFolder(example().resolve(Workspace.CONTRACTS_FOLDER))
                        .orThrow()
                        .all()
                        .stream()
                        .filter(found -> found.name().value().equals(wanted))
                        .findFirst()
                        .orElseThrow(BenchCommand::noExample);
        return new Workbench(
                log,
                askingNobody(contract),
                generator,
                work,
                quick ? QUICK_ROUNDS : rounds,
                quick ? QUICK_EVENTS : events,
                output::printJson,
                this::tell);
    }

    private static FeatureView view(String name) {
        return views().stream()
                .filter(view -> view.name().value().equals(name))
                .findFirst()
                .orElseThrow(BenchCommand::noExample);
    }

    /// Those that every event gives a vector to, of its car.
    private static List<FeatureView> views() {
        return FeatureViewReader.readFolder(
                        example().resolve(Workspace.FEATURES_FOLDER),
                        OdcsReader.readFolder(example().resolve(Workspace.CONTRACTS_FOLDER)))
                .orThrow()
                .stream()
                .filter(view ->
                        view.sourceView().isEmpty()
                                && view.source().key().equals(Optional.of(view.view().key())))
                .map(CompiledView::view)
                .toList();
    }

    static Contract askingNobody(Contract contract) {
        return contract.withSteps(
                contract.steps().stream()
                        .filter(step ->
                                !(step instanceof EnrichStep.Fetched)
                                        && !(step instanceof EnrichStep.Predicted))
                        .toList());
    }

    private Duration apiLatency() {
        return apiLatency == null ? DEFAULT_API_LATENCY : duration("--api-latency", apiLatency);
    }

    private Duration duration(String option, String text) {
        try {
            return DurationText.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage());
        }
    }

    private InferenceSettings inferenceSettings() {
        try {
            return InferenceSettings.DEFAULT.withMaxJoinedRows(maxJoinedRows);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
        }
    }

    private void checkMqtt() {
        Duration held = duration("--hold", hold);
        if (held.compareTo(Duration.ofSeconds(1)) < 0 || held.compareTo(Duration.ofHours(24)) > 0) {
            throw new ParameterException(spec.commandLine(), "--hold must be 1s to 24h");
        }
        if (!(rate >= 1 && rate <= 1_000_000)) {
            throw new ParameterException(spec.commandLine(), "--rate must be 1 to 1,000,000");
        }
    }

    private void measure(Part part, Workbench bench) {
        switch (part) {
            case COLLECTOR -> CollectorBench.run(bench);
            case ENRICH -> {
                if (apiLatency == null) {
                    EnrichBench.run(bench);
                }
                ApiEnrichBench.run(bench, apiLatency());
            }
            case LAKE -> LakeBench.run(bench);
            case SQL -> SqlBench.run(bench);
            case FEATURES -> {
                OnlineBench.run(bench);
                PointInTimeBench.run(bench);
                BackfillBench.run(bench, view(DRIVING), BackfillBench.WARM_UPS);
                FreshnessBench.run(bench, List.of(view(DRIVING)), FreshnessBench.EVENTS_PER_SECOND);
                EqualityBench.run(bench, views());
            }
            case SCORE ->
                    ScoreBench.run(bench, view(DRIVING), ScoreBench.WARM_UPS, inferenceSettings());
            case LATENCY -> LatencyBench.run(bench);
            case OVERLOAD ->
                    OverloadBench.run(
                            bench, quick ? OverloadBench.Times.QUICK : OverloadBench.Times.FULL);
            case MQTT -> throw new IllegalStateException("has a platform of its own");
        }
    }

    private static Map<String, String> brokerProperties(Part part) {
        return part == Part.OVERLOAD ? OverloadBench.BROKER_PROPERTIES : Map.of();
    }

    private static Path example() {
        return ConnectedCarExample.folder().orElseThrow(BenchCommand::noExample);
    }

    private static UserError noExample() {
        return new UserError(
                "the connected-car example, whose events are sent, is not here",
                "start Leat by ./leat from its own folder");
    }
}
