package leat.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import leat.core.contract.Contract;
import leat.core.evolution.Change;
import leat.core.evolution.Succession;
import leat.core.odcs.OdcsPlaces;
import leat.core.odcs.OdcsReader;
import leat.core.registry.AvroSchemas;
import leat.core.registry.ContractRegistry;
import leat.core.registry.JsonSchemas;
import leat.core.registry.RegisteredVersion;
import leat.core.registry.Registration;
import leat.core.registry.Registration.Decision;
import leat.core.registry.SchemaSource;
import leat.core.yaml.Problem;
import leat.core.yaml.ProblemsException;
import leat.launcher.config.Workspace;
import leat.stream.log.LogConnection;
import leat.stream.registry.RegistryTopic;

/// A workspace's contracts on their way into the registry.
public final class ContractRegistration {

    private final Workspace workspace;
    private final RegistryTopic topic;

    public ContractRegistration(Workspace workspace, LogConnection log) {
        this.workspace = workspace;
        this.topic = new RegistryTopic(log, workspace.names(), InstantSource.system());
    }

    /// What registering would do, one line a contract, and one for each that is registered without
    /// being in the workspace any more.
    List<WorkspacePlan.Line> plan() {
        List<WorkspacePlan.Line> lines = new ArrayList<>();
        RegistryTopic.Result result = topic.plan(commands());
        for (int i = 0; i < result.decisions().size(); i++) {
            lines.add(line(workspace.contracts().all().get(i), result.decisions().get(i)));
        }
        for (RegisteredVersion left : result.registry().newest()) {
            if (workspace.contracts().all().stream()
                    .noneMatch(c -> c.nameAndMajor().equals(left.nameAndMajor()))) {
                lines.add(
                        new WorkspacePlan.Line(
                                "keep",
                                "contract",
                                left.nameAndMajor(),
                                left.version()
                                        + " is registered and no longer in contracts/: what is there"
                                        + " stays, and nothing serves it"));
            }
        }
        return lines;
    }

    /// What registering would do where nothing has ever run.
    static List<WorkspacePlan.Line> firstPlan(Workspace workspace) {
        return workspace.contracts().all().stream()
                .map(contract ->
                        new WorkspacePlan.Line(
                                "create",
                                "contract",
                                contract.nameAndMajor(),
                                contract.version().toString()))
                .toList();
    }

    /// Refuses what may not follow, before anything is made for it.
    ///
    /// @throws ProblemsException with the file, the line and the remedy of each
    void refuseBreaking() {
        refuse(topic.plan(commands()));
    }

    /// Registers what is new; the topic is there. Yields the workspace as [#joined] does.
    ///
    /// @throws ProblemsException with the file, the line and the remedy of each that is refused
    Workspace register() {
        RegistryTopic.Result result = topic.register(commands());
        refuse(result);
        return isEncoded() ? joined(result.registry()) : workspace;
    }

    /// The workspace, whose contracts know the ids of the schemas that were registered for their
    /// clients.
    public Workspace joined() {
        return isEncoded() ? joined(topic.read()) : workspace;
    }

    /// Whether schemas have ids that contracts would have to know.
    private boolean isEncoded() {
        return workspace.contracts().all().stream()
                .anyMatch(contract -> contract.encoding().isPresent());
    }

    private Workspace joined(ContractRegistry registry) {
        return workspace.withContracts(
                new AvroSchemas(workspace.names()).withWriters(workspace.contracts(), registry));
    }

    /// The newest registered version of every contract's every major version.
    ///
    /// @throws UserError when one cannot be read by this program
    public List<Contract> registered() {
        return topic.read().newest().stream()
                .map(version ->
                        OdcsReader.readRegistered(
                                        Path.of(
                                                version.name()
                                                        + "-"
                                                        + version.version()
                                                        + ".registered"),
                                        version.odcs())
                                .orThrow())
                .toList();
    }

    private List<Registration> commands() {
        SchemaSource schemas =
                new JsonSchemas(workspace.names()).and(new AvroSchemas(workspace.names()));
        return workspace.contracts().all().stream()
                .map(contract ->
                        new Registration(contract, text(contract.file()), schemas.of(contract)))
                .toList();
    }

    private void refuse(RegistryTopic.Result result) {
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < result.decisions().size(); i++) {
            if (result.decisions().get(i) instanceof Decision.Refuse refusal) {
                problems.addAll(problems(workspace.contracts().all().get(i), refusal));
            }
        }
        if (!problems.isEmpty()) {
            throw new ProblemsException(problems);
        }
    }

    /// The refusal at the line of the version, and each change that caused it at its own.
    private static List<Problem> problems(Contract contract, Decision.Refuse refusal) {
        OdcsPlaces places = OdcsPlaces.of(contract.file(), text(contract.file()));
        List<Problem> problems = new ArrayList<>();
        problems.add(
                new Problem(
                        places.of("version"),
                        "version",
                        refusal.objection().message(),
                        refusal.objection().remedy()));
        refusal.succession().stream()
                .flatMap(succession -> succession.comparison().breaking().stream())
                .forEach(change ->
                        problems.add(
                                new Problem(
                                        places.of(change.where()),
                                        change.where(),
                                        change.what(),
                                        change.remedy())));
        return problems;
    }

    private static WorkspacePlan.Line line(Contract contract, Decision decision) {
        String name = contract.nameAndMajor();
        return switch (decision) {
            case Decision.Keep _ ->
                    new WorkspacePlan.Line("keep", "contract", name, contract.version().toString());
            case Decision.Register(RegisteredVersion event, Optional<Succession> succession) -> {
                boolean sameNumber =
                        succession
                                .map(s -> s.comparison().earlier().version())
                                .filter(event.version()::equals)
                                .isPresent();
                yield new WorkspacePlan.Line(
                        sameNumber ? "change" : "create",
                        "contract",
                        name,
                        succession
                                .map(ContractRegistration::detail)
                                .orElse(event.version().toString()));
            }
            case Decision.Refuse refusal ->
                    new WorkspacePlan.Line(
                            "refuse",
                            "contract",
                            name,
                            refusal.objection().message() + ": " + refusal.objection().remedy());
        };
    }

    private static String detail(Succession succession) {
        String changes =
                succession.comparison().changes().stream()
                        .map(Change::toString)
                        .collect(Collectors.joining("; "));
        return succession.comparison().later().version()
                + " after "
                + succession.comparison().earlier().version()
                + ", "
                + (changes.isEmpty() ? "the same meaning" : changes);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " again", e);
        }
    }
}
