package leat.launcher.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import leat.core.catalog.Catalog;
import leat.core.catalog.Definitions;
import leat.core.config.Secrets;
import leat.core.config.SettingsReader;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.Quality;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureSetReader;
import leat.core.feature.FeatureViewReader;
import leat.core.feature.ReadViews;
import leat.core.monitor.ModelRule;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.core.score.ScoreRules;
import leat.core.score.ScoreRulesReader;
import leat.core.training.Training;
import leat.core.training.TrainingReader;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;
import leat.core.yaml.ProblemsException;
import leat.launcher.UserError;
import leat.ml.objectstore.ObjectStore;
import leat.ml.objectstore.S3Objects;
import leat.stream.enricher.EnrichmentSources.OwnApi;
import leat.stream.extract.ExtractionSettings;
import leat.stream.lake.LakeStoreSettings;
import leat.stream.lake.LocalFiles;
import leat.stream.log.LogConnection;
import leat.stream.monitor.AlertSettings;
import leat.stream.monitor.Judged;
import leat.stream.search.SearchEngine;

/// A folder with `leat.yaml` and `contracts/`, read and found sound as a whole.
///
/// @param folder absolute
/// @param features the feature views, in the order of their files' names
/// @param formerViews the versions of them that served before, or still do, as the registry has
///   them
/// @param sets the feature sets, in the order of their files' names
/// @param scorings what is predicted of vectors, in the order of their files' names
/// @param trainings how models are made, in the order of their files' names
/// @param extractions what is pulled on a schedule, by the names of its files
/// @param freeCollectorPorts whether the collector's doors take any free ports
public record Workspace(
        Path folder,
        LeatConfig config,
        Contracts contracts,
        List<CompiledView> features,
        List<CompiledView> formerViews,
        List<FeatureSet> sets,
        List<Scoring> scorings,
        List<Training> trainings,
        Map<String, ExtractionSettings> extractions,
        boolean freeCollectorPorts) {

    public static final String CONFIG_FILE = "leat.yaml";
    public static final String CONTRACTS_FOLDER = "contracts";
    public static final String FEATURES_FOLDER = "features";
    public static final String MODELS_FOLDER = "models";
    public static final String REFERENCE_FOLDER = "reference";
    private static final String CSV_SUFFIX = ".csv";

    /// Reads a workspace.
    ///
    /// @throws ProblemsException with every problem of all its files
    /// @throws UserError when it has no contract
    public static Workspace open(Path folder) {
        Checked<LeatConfig> config =
                SettingsReader.read(folder.resolve(CONFIG_FILE), LeatConfig.class);
        Path contractsFolder = folder.resolve(CONTRACTS_FOLDER);
        if (!Files.isDirectory(contractsFolder)) {
            throw new UserError(
                    "the workspace has no folder " + contractsFolder,
                    "make it and put a contract in, NAME" + OdcsReader.SUFFIX);
        }
        Checked<Contracts> contracts = OdcsReader.readFolder(contractsFolder);
        ReadViews views = FeatureViewReader.readViews(folder.resolve(FEATURES_FOLDER), contracts);
        Checked<List<CompiledView>> features = views.all();
        Checked<List<FeatureSet>> sets =
                FeatureSetReader.readFolder(
                        folder.resolve(FEATURES_FOLDER).resolve(FeatureSetReader.FOLDER), views);
        ScoringReader.Known known = new ScoringReader.Known(contracts, features, sets);
        Checked<List<Scoring>> scorings =
                ScoringReader.readFolder(folder.resolve(MODELS_FOLDER), known);
        Checked<List<Training>> trainings =
                TrainingReader.readFolder(folder.resolve(MODELS_FOLDER), known);
        Checked<Map<String, ScoreRules>> scores =
                ScoreRulesReader.readFolder(folder.resolve(MODELS_FOLDER), trainings);
        Checked<Map<String, ExtractionSettings>> extractions =
                ExtractionFiles.read(folder.resolve(ExtractionFiles.FOLDER), contracts);
        List<Problem> problems = new ArrayList<>(config.faults());
        problems.addAll(contracts.faults());
        problems.addAll(features.faults());
        problems.addAll(sets.faults());
        problems.addAll(scorings.faults());
        problems.addAll(trainings.faults());
        problems.addAll(scores.faults());
        problems.addAll(extractions.faults());
        problems.addAll(UnreadFiles.problems(folder));
        if (!problems.isEmpty()) {
            throw new ProblemsException(problems);
        }
        if (contracts.orThrow().all().isEmpty()) {
            throw new UserError(
                    contractsFolder + " holds no contract",
                    "put one in, NAME"
                            + OdcsReader.SUFFIX
                            + ", or make a first one with leat init");
        }
        return new Workspace(
                folder.toAbsolutePath().normalize(),
                config.orThrow(),
                contracts.orThrow(),
                features.orThrow(),
                List.of(),
                sets.orThrow(),
                scorings.orThrow(),
                trainings.orThrow(),
                extractions.orThrow(),
                false);
    }

    /// The same with other contracts, e.g. with what is known of them besides.
    public Workspace withContracts(Contracts others) {
        List<CompiledView> views = features.stream().map(view -> view.under(others)).toList();
        return new Workspace(
                folder,
                config,
                others,
                views,
                formerViews,
                sets,
                scorings.stream().map(scoring -> scoring.among(views)).toList(),
                trainings,
                extractions,
                freeCollectorPorts);
    }

    /// The same with doors of the collector at any free ports.
    public Workspace withFreeCollectorPorts() {
        return new Workspace(
                folder,
                config,
                contracts,
                features,
                formerViews,
                sets,
                scorings,
                trainings,
                extractions,
                true);
    }

    /// The same with versions of views that its files do not have any more.
    public Workspace withFormerViews(List<CompiledView> former) {
        return new Workspace(
                folder,
                config,
                contracts,
                features,
                former,
                sets,
                scorings,
                trainings,
                extractions,
                freeCollectorPorts);
    }

    /// The versions of feature views: its own, then the former ones.
    public List<CompiledView> allViews() {
        return Stream.concat(features.stream(), formerViews.stream()).toList();
    }

    /// The contracts of the vectors of all versions of feature views.
    public List<Contract> vectors() {
        return allViews().stream().map(CompiledView::contract).toList();
    }

    /// The contracts of the predictions of all scorings, those of shadows too.
    public List<Contract> predictions() {
        return scorings.stream().flatMap(scoring -> scoring.contracts().stream()).toList();
    }

    /// The trainings that begin by themselves.
    public List<Training> triggered() {
        return trainings.stream().filter(training -> !training.triggers().isEmpty()).toList();
    }

    /// What has rules of quality: events, and vectors by what their views expect. A former version
    /// of a view ends one day, so of it only values are judged, not whether any come.
    public Judged judged() {
        return new Judged(
                contracts.all(),
                Stream.concat(
                                features.stream().map(CompiledView::contract),
                                formerViews.stream().map(former -> ending(former.contract())))
                        .toList());
    }

    /// Whether any scoring is watched.
    public boolean watchesModels() {
        return scorings().stream().anyMatch(scoring -> scoring.monitoring().isPresent());
    }

    /// The ids of the alerts that the watching of models may raise.
    public Set<String> modelAlerts() {
        return scorings().stream()
                .flatMap(scoring ->
                        scoring.monitoring().stream()
                                .flatMap(monitoring ->
                                        Arrays.stream(ModelRule.values()).filter(monitoring::has))
                                .map(rule -> scoring.nameAndVersion() + ":" + rule.id()))
                .collect(Collectors.toSet());
    }

    private static Contract ending(Contract former) {
        return former.withQuality(
                new Quality(
                        former.quality().rules().stream()
                                .filter(rule -> rule.measure().judgesSingleEvents())
                                .toList(),
                        List.of()));
    }

    /// What is asked of a model for its score, and what somebody answers for.
    ///
    /// @param file the name of its file in models/, without .yaml
    public ScoreRules scoreRules(String file) {
        return ScoreRulesReader.readFolder(
                        folder.resolve(MODELS_FOLDER), new Checked.Sound<>(trainings))
                .orThrow()
                .getOrDefault(file, ScoreRules.DEFAULT);
    }

    /// Everything that it defines, with what comes from what; of models what files say.
    public Catalog catalog() {
        return Catalog.of(new Definitions(contracts.all(), features, sets, trainings, scorings));
    }

    public Names names() {
        return new Names(config.prefix());
    }

    /// Where the embedded parts keep their data.
    public Path stateFolder() {
        return folder.resolve(".leat");
    }

    /// The file with the keys of clients.
    public Path keysFile() {
        return folder.resolve(config.collector().access().file());
    }

    /// The log that the workspace names, or the embedded broker at its port.
    public LogConnection log(int portOffset) {
        String bootstrapServers =
                config.log()
                        .bootstrapServers()
                        .orElse(WorkspacePorts.LOOPBACK + ":" + ports(portOffset).kafka().number());
        return new LogConnection(bootstrapServers, withSecrets(config.log()::client));
    }

    /// Does what needs secrets, which are taken from their places now.
    ///
    /// @throws UserError when one is not in its place
    public <T> T withSecrets(Function<Secrets, T> work) {
        try {
            return work.apply(new Secrets(System.getenv(), folder));
        } catch (Secrets.Missing e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// The search engine's client.
    public SearchEngine searchEngine(int portOffset) {
        return withSecrets(secrets ->
                new SearchEngine(ports(portOffset).searchAddress(), config.search(), secrets));
    }

    /// Where files of models are that are not in the log, with the secrets of the store.
    public ObjectStore objectStore() {
        return config.models()
                .objectStore()
                .<ObjectStore>map(store -> withSecrets(secrets -> new S3Objects(store, secrets)))
                .orElse(ObjectStore.NONE);
    }

    /// Who is told of alerts, with the secrets of the address.
    public AlertSettings alerts() {
        return withSecrets(secrets -> config.alerts().resolved(secrets));
    }

    /// The ports of its roles on this machine.
    ///
    /// @param portOffset by which all that are configured are moved
    public WorkspacePorts ports(int portOffset) {
        return new WorkspacePorts(config, freeCollectorPorts, portOffset);
    }

    /// The Enrichment API that this workspace serves on this machine: its reference contracts and
    /// the CSV files of its reference folder.
    public OwnApi ownApi(int portOffset) {
        Set<String> lookups = new TreeSet<>(config.enrichmentApi().models().keySet());
        contracts.all().stream()
                .filter(contract -> contract.reference().isPresent())
                .forEach(contract -> lookups.add(contract.name().value()));
        Path reference = folder.resolve(REFERENCE_FOLDER);
        if (Files.isDirectory(reference)) {
            try (Stream<Path> files = Files.list(reference)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(CSV_SUFFIX))
                        .map(name -> name.substring(0, name.length() - CSV_SUFFIX.length()))
                        .forEach(lookups::add);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot list the files of " + reference, e);
            }
        }
        return new OwnApi(
                WorkspacePorts.LOOPBACK + ":" + ports(portOffset).enrichmentGrpc().number(),
                lookups);
    }

    /// The contract that an extraction names; it is there.
    public Contract extracted(String name) {
        return contracts.named(name).orElseThrow();
    }

    /// Where the lake is: what the workspace says, else SQLite and files below the state folder.
    public LakeStoreSettings lakeStore() {
        LakeStoreSettings configured =
                withSecrets(secrets -> config.lake().store().resolved(secrets));
        return new LakeStoreSettings(
                Optional.of(
                        configured
                                .catalog()
                                .orElse("jdbc:sqlite:" + stateFolder().resolve("lake.db"))),
                Optional.of(
                        configured
                                .warehouse()
                                .orElse(stateFolder().resolve("lake").toUri().toString())),
                configured.properties());
    }

    /// The local folder of the lake's files.
    public Path lakeFolder() {
        return LocalFiles.path(lakeStore().warehouse().orElseThrow());
    }
}
