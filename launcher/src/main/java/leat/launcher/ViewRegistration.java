package leat.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.feature.CompiledView;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.DefinitionReader;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureRegistry;
import leat.ml.featurestore.RegisteredView;
import leat.ml.featurestore.RegisteredViews;
import leat.ml.featurestore.ServingHistory;
import leat.ml.featurestore.ViewDefinition;
import leat.ml.featurestore.ViewRefused;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A workspace's feature views on their way to the log: their topics, and the memory of what each
/// version of them is.
public final class ViewRegistration {

    private static final Logger LOG = LoggerFactory.getLogger(ViewRegistration.class);

    private static final int LOADED_TERMS = 2;

    private final Workspace workspace;
    private final LogConnection log;
    private final FeatureRegistry registry;

    ViewRegistration(Workspace workspace, LogConnection log) {
        this.workspace = workspace;
        this.log = log;
        this.registry = new FeatureRegistry(log, workspace.names());
    }

    /// The views, each with its source.
    public static List<FeatureFlow> flows(Workspace workspace) {
        return workspace.features().stream().map(FeatureFlow::new).toList();
    }

    /// The topics of all views.
    static List<TopicSpec> topics(Workspace workspace) {
        List<TopicSpec> topics = new ArrayList<>();
        topics.add(FeatureRegistry.topic(workspace.names()));
        flows(workspace).forEach(flow -> topics.addAll(flow.topics(workspace.names())));
        return topics;
    }

    /// What registering would do, one line a view, and one for each that is registered without
    /// being in the workspace any more.
    List<WorkspacePlan.Line> plan() {
        RegisteredViews registered = registry.read();
        List<WorkspacePlan.Line> lines = new ArrayList<>();
        flows(workspace).forEach(flow -> lines.add(line(flow, registered)));
        registered
                .serving()
                .forEach((name, history) -> {
                    if (workspace.features().stream()
                            .noneMatch(view -> view.view().name().value().equals(name))) {
                        lines.add(
                                new WorkspacePlan.Line(
                                        "keep",
                                        "view",
                                        name + ".v" + history.current().version(),
                                        "is registered and no longer in features/: what is there stays, and"
                                                + " nothing computes it"));
                    }
                });
        return lines;
    }

    /// What registering would do where nothing has ever run.
    static List<WorkspacePlan.Line> firstPlan(Workspace workspace) {
        return flows(workspace).stream().map(flow -> line(flow, RegisteredViews.NONE)).toList();
    }

    private static WorkspacePlan.Line line(FeatureFlow flow, RegisteredViews registered) {
        Optional<ViewRefused> objection = FeatureRegistry.objection(flow, registered);
        if (objection.isPresent()) {
            ViewRefused refused = objection.get();
            return new WorkspacePlan.Line(
                    "refuse", "view", flow.name(), refused.getMessage() + ": " + refused.remedy());
        }
        ContractName name = flow.compiled().view().name();
        int version = flow.compiled().view().version();
        String beside =
                registered
                        .serving(name)
                        .map(ServingHistory::current)
                        .filter(term -> term.version() != version)
                        .map(term -> ", filled beside v" + term.version() + ", then takes over")
                        .orElse("");
        return new WorkspacePlan.Line(
                registered.version(name, version).isPresent() ? "keep" : "create",
                "view",
                flow.name(),
                flow.compiled().fields().size()
                        + " features of a "
                        + flow.compiled().view().entity()
                        + " from "
                        + flow.source().nameAndMajor()
                        + beside);
    }

    /// Refuses a view that may not run, before anything is made for it.
    ///
    /// @throws UserError with the remedy
    void refuseChanged() {
        if (workspace.features().isEmpty()) {
            return;
        }
        RegisteredViews registered = registry.read();
        for (FeatureFlow flow : flows(workspace)) {
            FeatureRegistry.objection(flow, registered)
                    .ifPresent(refused -> {
                        throw refusal(refused);
                    });
        }
    }

    /// Registers what is new; the topics are there.
    ///
    /// @throws UserError when a view may not run
    void register() {
        if (workspace.features().isEmpty()) {
            return;
        }
        try {
            registry.claim(
                    flows(workspace).stream()
                            .map(flow ->
                                    new ViewDefinition(flow, text(flow.compiled().view().file())))
                            .toList());
        } catch (ViewRefused e) {
            throw refusal(e);
        }
    }

    /// What makes versions that only the registry has: with the workspace's contracts, and the
    /// registered ones that it does not have any more.
    DefinitionReader definitions() {
        List<Contract> contracts = new ArrayList<>(workspace.contracts().all());
        for (Contract former : new ContractRegistration(workspace, log).registered()) {
            if (contracts.stream()
                    .noneMatch(known -> known.nameAndMajor().equals(former.nameAndMajor()))) {
                contracts.add(former);
            }
        }
        return new DefinitionReader(contracts);
    }

    /// The workspace with those versions of its views that still serve, or did so last: they are
    /// registered, and what stands in their topics is still to be loaded.
    Workspace joined() {
        return joined(LOADED_TERMS, version -> version.dropped().isEmpty());
    }

    /// The workspace with all versions of its views that have ever served, as far as is remembered;
    /// also those of which only the lake has something.
    Workspace joinedWithAllServed() {
        return joined(Integer.MAX_VALUE, _ -> true);
    }

    private Workspace joined(int terms, Predicate<RegisteredView> wanted) {
        if (workspace.features().isEmpty()) {
            return workspace;
        }
        RegisteredViews registered = registry.read();
        List<RegisteredView> former = new ArrayList<>();
        for (CompiledView view : workspace.features()) {
            registered.serving(view.view().name()).stream()
                    .flatMap(history -> history.terms().reversed().stream().limit(terms))
                    .filter(term -> term.version() != view.view().version())
                    .map(term -> registered.version(view.view().name(), term.version()))
                    .flatMap(Optional::stream)
                    .filter(wanted)
                    .forEach(former::add);
        }
        if (former.isEmpty()) {
            return workspace;
        }
        DefinitionReader definitions = definitions();
        return workspace.withFormerViews(
                former.stream()
                        .flatMap(version -> made(definitions, version, registered).stream())
                        .toList());
    }

    private static Optional<CompiledView> made(
            DefinitionReader definitions, RegisteredView version, RegisteredViews registered) {
        try {
            return Optional.of(definitions.flow(version, registered).compiled());
        } catch (ViewRefused e) {
            LOG.atWarn()
                    .addKeyValue("view", version.name())
                    .addKeyValue("cause", e.getMessage())
                    .log("A former version of a view is left out");
            return Optional.empty();
        }
    }

    private static UserError refusal(ViewRefused refused) {
        return new UserError(String.valueOf(refused.getMessage()), refused.remedy());
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " again", e);
        }
    }
}
