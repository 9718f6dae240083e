package leat.launcher.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.Quality;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureSet;
import leat.core.feature.FeatureView;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.training.Training;
import leat.launcher.ContractRegistration;
import leat.launcher.UserError;
import leat.launcher.WorkspaceLog;
import leat.launcher.config.Workspace;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `leat validate`: reads the whole workspace; every problem is named with file and line.
@Command(
        name = "validate",
        description =
                "Check leat.yaml, all contracts, feature views, sets and models; name every problem with file"
                        + " and line.",
        mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

    private static final String LOG = "log";

    @Mixin private WorkspaceOption workspace = new WorkspaceOption();
    @Mixin private PortOption ports = new PortOption();
    @Mixin private Output output = new Output();

    @Option(
            names = "--against",
            paramLabel = "EARLIER",
            description =
                    "Compare with earlier versions: a contract file, a folder of them, or 'log' for"
                            + " what the running platform has registered. Every change is named with its class; a breaking one without a new major"
                            + " version, or a version number that says too little, fails.")
    private @Nullable String against;

    /// A sound contract, for `--json`.
    record Sound(
            String contract,
            String version,
            int fields,
            String file,
            int rules,
            List<Quality.Unjudged> notJudged) {}

    /// A sound feature view, for `--json`; stands behind the contracts.
    record SoundView(
            String view,
            int version,
            String entity,
            String source,
            int features,
            int rules,
            String file) {}

    /// A sound feature set, for `--json`; stands behind the views.
    record SoundSet(String set, String entity, int features, List<String> views, String file) {}

    /// A sound scoring, for `--json`; stands behind the sets.
    record SoundScoring(
            String scoring,
            int version,
            String model,
            String view,
            Optional<String> set,
            int features,
            String file) {}

    /// A sound training, for `--json`; stands behind the scorings.
    record SoundTraining(
            String training,
            String model,
            String algorithm,
            String view,
            Optional<String> set,
            int features,
            int gates,
            String file) {}

    /// The comparison, for `--json`.
    record Compared(List<AgainstReport.Entry> contracts, List<String> missing) {}

    @Override
    public Integer call() {
        Workspace opened = workspace.open();
        AlgorithmProblems.refuse(opened.trainings());
        return against == null ? sound(opened) : compared(opened, earlier(opened, against));
    }

    private int sound(Workspace opened) {
        List<Sound> sound =
                opened.contracts().all().stream().map(contract -> sound(opened, contract)).toList();
        List<SoundView> views =
                opened.features().stream().map(view -> sound(opened, view)).toList();
        List<SoundSet> sets = opened.sets().stream().map(set -> sound(opened, set)).toList();
        List<SoundScoring> scorings =
                opened.scorings().stream().map(scoring -> sound(opened, scoring)).toList();
        List<SoundTraining> trainings =
                opened.trainings().stream().map(training -> sound(opened, training)).toList();
        if (output.json()) {
            List<Record> all = new ArrayList<>(sound);
            all.addAll(views);
            all.addAll(sets);
            all.addAll(scorings);
            all.addAll(trainings);
            output.printJson(all);
            return ExitCode.DONE;
        }
        TextTable table = new TextTable("CONTRACT", "VERSION", "FIELDS", "FILE");
        sound.forEach(
                c -> table.row(c.contract(), c.version(), Integer.toString(c.fields()), c.file()));
        output.print(table);
        if (!views.isEmpty()) {
            output.println("");
            print(views);
        }
        if (!sets.isEmpty()) {
            output.println("");
            printSets(sets);
        }
        if (!scorings.isEmpty()) {
            output.println("");
            printScorings(scorings);
        }
        if (!trainings.isEmpty()) {
            output.println("");
            printTrainings(trainings);
        }
        for (Sound contract : sound) {
            contract.notJudged()
                    .forEach(rule ->
                            output.println(
                                    contract.contract()
                                            + ": the rule '"
                                            + rule.name()
                                            + "' is not judged: "
                                            + rule.reason()
                                            + "."));
        }
        return ExitCode.DONE;
    }

    private void print(List<SoundView> views) {
        TextTable table =
                new TextTable("VIEW", "VERSION", "ENTITY", "SOURCE", "FEATURES", "RULES", "FILE");
        views.forEach(view ->
                table.row(
                        view.view(),
                        Integer.toString(view.version()),
                        view.entity(),
                        view.source(),
                        Integer.toString(view.features()),
                        Integer.toString(view.rules()),
                        view.file()));
        output.print(table);
    }

    private void printSets(List<SoundSet> sets) {
        TextTable table = new TextTable("SET", "ENTITY", "FEATURES", "VIEWS", "FILE");
        sets.forEach(set ->
                table.row(
                        set.set(),
                        set.entity(),
                        Integer.toString(set.features()),
                        String.join(", ", set.views()),
                        set.file()));
        output.print(table);
    }

    private void printScorings(List<SoundScoring> scorings) {
        TextTable table =
                new TextTable("SCORING", "VERSION", "MODEL", "VIEW", "SET", "FEATURES", "FILE");
        scorings.forEach(scoring ->
                table.row(
                        scoring.scoring(),
                        Integer.toString(scoring.version()),
                        scoring.model(),
                        scoring.view(),
                        scoring.set().orElse("-"),
                        Integer.toString(scoring.features()),
                        scoring.file()));
        output.print(table);
    }

    private void printTrainings(List<SoundTraining> trainings) {
        TextTable table =
                new TextTable(
                        "TRAINING",
                        "MODEL",
                        "ALGORITHM",
                        "VIEW",
                        "SET",
                        "FEATURES",
                        "GATES",
                        "FILE");
        trainings.forEach(training ->
                table.row(
                        training.training(),
                        training.model(),
                        training.algorithm(),
                        training.view(),
                        training.set().orElse("-"),
                        Integer.toString(training.features()),
                        Integer.toString(training.gates()),
                        training.file()));
        output.print(table);
    }

    private int compared(Workspace opened, List<Contract> earlier) {
        AgainstReport report = new AgainstReport(opened, earlier);
        List<AgainstReport.Entry> entries = report.entries();
        List<String> missing = report.missing();
        if (output.json()) {
            output.printJson(new Compared(entries, missing));
        } else {
            entries.stream().flatMap(e -> AgainstReport.lines(e).stream()).forEach(output::println);
            missing.forEach(name -> output.println(name + ": no longer in the workspace"));
        }
        return entries.stream().anyMatch(entry -> entry.objection().isPresent())
                ? ExitCode.FAILED
                : ExitCode.DONE;
    }

    private List<Contract> earlier(Workspace opened, String against) {
        return against.equals(LOG)
                ? new ContractRegistration(opened, WorkspaceLog.answering(opened, ports.offset()))
                        .registered()
                : read(Path.of(against));
    }

    private static List<Contract> read(Path place) {
        if (Files.isDirectory(place)) {
            Path contracts = place.resolve(Workspace.CONTRACTS_FOLDER);
            Path folder = Files.isDirectory(contracts) ? contracts : place;
            List<Contract> found = OdcsReader.readFolder(folder).orThrow().all();
            if (found.isEmpty()) {
                throw new UserError(
                        folder + " holds no contract", "name a folder of *" + OdcsReader.SUFFIX);
            }
            return found;
        }
        if (!Files.exists(place)) {
            throw new UserError(
                    "there is no " + place, "name a contract file or a folder of contracts");
        }
        return List.of(OdcsReader.read(place).orThrow());
    }

    private static SoundView sound(Workspace workspace, CompiledView compiled) {
        FeatureView view = compiled.view();
        return new SoundView(
                view.name().value(),
                view.version(),
                view.entity(),
                compiled.source().nameAndMajor(),
                compiled.fields().size(),
                view.expected().rules().size(),
                workspace.folder().relativize(view.file().toAbsolutePath().normalize()).toString());
    }

    private static SoundSet sound(Workspace workspace, FeatureSet set) {
        return new SoundSet(
                set.name().value(),
                set.entity(),
                set.members().size(),
                set.views(),
                workspace.folder().relativize(set.file().toAbsolutePath().normalize()).toString());
    }

    private static SoundScoring sound(Workspace workspace, Scoring scoring) {
        return new SoundScoring(
                scoring.name().value(),
                scoring.version(),
                scoring.model(),
                scoring.view().view().nameAndVersion(),
                scoring.set().map(ContractName::value),
                scoring.features().size(),
                workspace
                        .folder()
                        .relativize(scoring.file().toAbsolutePath().normalize())
                        .toString());
    }

    private static SoundTraining sound(Workspace workspace, Training training) {
        return new SoundTraining(
                training.name().value(),
                training.model(),
                training.algorithm().name(),
                training.data().view().view().nameAndVersion(),
                training.data().set().map(ContractName::value),
                training.data().features().size(),
                training.gates().size(),
                workspace
                        .folder()
                        .relativize(training.file().toAbsolutePath().normalize())
                        .toString());
    }

    private static Sound sound(Workspace workspace, Contract contract) {
        return new Sound(
                contract.name().value(),
                contract.version().toString(),
                contract.fields().size(),
                workspace.folder().relativize(contract.file().toAbsolutePath()).toString(),
                contract.quality().rules().size(),
                contract.quality().unjudged());
    }
}
