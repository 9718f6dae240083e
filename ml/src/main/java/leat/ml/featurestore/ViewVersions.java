package leat.ml.featurestore;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;
import leat.core.contract.ContractName;
import leat.core.failpoint.FailPoint;
import leat.core.feature.CompiledView;
import leat.stream.log.StageHealth;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The versions of one view that run in this process: the workspace's, the one that serves, until
/// the workspace's has taken over, and those that serving versions of other views are made of,
/// until others have taken over from these. One thread looks; health is for any.
final class ViewVersions implements RegistryWatch.Look {

    private static final Logger LOG = LoggerFactory.getLogger(ViewVersions.class);
    private static final InstantSource CLOCK = InstantSource.system();

    private final FeatureStore.Place place;
    private final DefinitionReader definitions;
    private final Function<FeatureFlow, RunningView> starter;
    private final FeatureFlow wanted;
    private final Collection<ContractName> views;
    private final Map<String, Version> versions = new ConcurrentSkipListMap<>();
    private final Map<String, Settling> settling = new HashMap<>();
    private @Nullable Handover handover;

    /// @param starter starts the computation of a version
    /// @param views all that are computed here
    ViewVersions(
            FeatureStore.Place place,
            DefinitionReader definitions,
            Function<FeatureFlow, RunningView> starter,
            FeatureFlow wanted,
            Collection<ContractName> views) {
        this.place = place;
        this.definitions = definitions;
        this.starter = starter;
        this.wanted = wanted;
        this.views = List.copyOf(views);
        start(wanted);
    }

    /// What one version is to this process.
    private sealed interface Version {

        /// It is computed here.
        record Computed(FeatureFlow flow, RunningView running) implements Version {}

        /// It should be, and cannot.
        record Refused(String why) implements Version {}
    }

    /// How each is doing, by `NAME.vN`.
    Map<String, StageHealth> health() {
        Map<String, StageHealth> health = new TreeMap<>();
        versions.forEach((name, version) ->
                health.put(
                        name,
                        switch (version) {
                            case Version.Computed computed -> computed.running().health();
                            case Version.Refused(String why) -> new StageHealth.Stopped(why);
                        }));
        return health;
    }

    /// Asks all to end; returns at once.
    void stop() {
        versions.values()
                .forEach(version -> {
                    if (version instanceof Version.Computed computed) {
                        computed.running().stop();
                    }
                });
    }

    void close() {
        versions.values()
                .forEach(version -> {
                    if (version instanceof Version.Computed computed) {
                        computed.running().close();
                    }
                });
    }

    /// Runs what is to run by the registry, and lets the workspace's version take over when it may;
    /// it never ends to look.
    ///
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    @Override
    public boolean isLast(RegisteredViews registered, Admin admin) {
        look(registered, admin);
        return false;
    }

    private void look(RegisteredViews registered, Admin admin) {
        ContractName name = wanted.compiled().view().name();
        Optional<ServingHistory> history = registered.serving(name);
        if (history.isEmpty()) {
            return;
        }
        int serving = history.get().current().version();
        int version = wanted.compiled().view().version();
        if (serving > version) {
            passed(serving);
            return;
        }
        Optional<RegisteredView> live =
                registered.version(name, serving).filter(_ -> serving < version);
        Set<String> others = needed(registered);
        live.map(RegisteredView::name).ifPresent(others::add);
        for (String other : others) {
            Optional.ofNullable(registered.versions().get(other))
                    .ifPresent(one -> compute(one, registered));
        }
        retireAllBut(others);
        if (live.isPresent()) {
            fill(live.get(), serving, registered, admin);
        } else if (serving == version) {
            handover = null;
        }
    }

    /// The versions beside the workspace's that others are made of.
    private Set<String> needed(RegisteredViews registered) {
        Set<String> needed = new HashSet<>(registered.sourcesOfServing(views));
        needed.removeIf(version ->
                version.equals(wanted.name())
                        || !version.startsWith(wanted.compiled().view().name() + ".v"));
        return needed;
    }

    private void start(FeatureFlow flow) {
        versions.put(flow.name(), new Version.Computed(flow, starter.apply(flow)));
    }

    private void compute(RegisteredView live, RegisteredViews registered) {
        if (versions.containsKey(live.name())) {
            return;
        }
        try {
            start(definitions.flow(live, registered));
            said("A version is computed until another one has taken over", live.name());
        } catch (ViewRefused e) {
            versions.put(live.name(), new Version.Refused(e.getMessage() + ": " + e.remedy()));
            LOG.atError()
                    .addKeyValue("view", live.name())
                    .addKeyValue("cause", e.getMessage())
                    .log("The version that serves cannot be computed");
        }
    }

    private void fill(RegisteredView live, int serving, RegisteredViews registered, Admin admin) {
        RegisteredView filling = registered.versions().get(wanted.name());
        if (filling == null) {
            return;
        }
        boolean sameSource = live.sourceTopic().equals(filling.sourceTopic());
        if (!sameSource && !sourceServes(registered)) {
            return;
        }
        Handover decision = handover;
        if (decision == null) {
            decision = new Handover(new SourceGaps(place.log(), wanted.sourceTopic(place.names())));
            handover = decision;
        }
        ViewPositions positions = new ViewPositions(admin, place.names());
        Map<Integer, Long> reached = positions.of(wanted).positions();
        ViewPositions.Standing now =
                sameSource
                        ? positions.of(
                                place.names().group(FeatureFlow.ROLE + "." + live.name()), wanted)
                        : positions.of(wanted);
        List<Settling> waitedFor = new ArrayList<>();
        waitedFor.add(settling(wanted));
        if (sameSource
                && versions.get(live.name()) instanceof Version.Computed computed
                && !computed.running().hasFailed()) {
            waitedFor.add(settling(computed.flow()));
        }
        decision.look(sameSource ? now.positions() : now.ends(), reached, waitedFor, positions)
                .ifPresent(from ->
                        takeOver(
                                serving,
                                new ServingTerm(
                                        wanted.compiled().view().version(),
                                        filling.sourceTopic(),
                                        sameSource ? from : Map.of(),
                                        CLOCK.instant())));
    }

    /// A version of a view that is still filled itself ends where it has come to, which says
    /// nothing of how far its source's events go.
    private boolean sourceServes(RegisteredViews registered) {
        return wanted.compiled()
                .sourceView()
                .map(CompiledView::view)
                .flatMap(source ->
                        registered
                                .serving(source.name())
                                .map(history -> history.current().version() == source.version()))
                .orElse(true);
    }

    private Settling settling(FeatureFlow flow) {
        return settling.computeIfAbsent(
                flow.name(), _ -> new Settling(place.log(), place.names(), flow));
    }

    private void takeOver(int after, ServingTerm term) {
        FailPoint.reach("features.before-take-over");
        new FeatureRegistry(place.log(), place.names())
                .takeOver(wanted.compiled().view().name(), after, term);
        LOG.atInfo()
                .addKeyValue("view", wanted.name())
                .addKeyValue("positions", term.from())
                .log("A version of a view has been filled and takes over");
    }

    private void retireAllBut(Set<String> others) {
        for (String name : versions.keySet()) {
            if (!name.equals(wanted.name()) && !others.contains(name)) {
                retire(name);
            }
        }
    }

    /// The version of this workspace is a former one.
    private void passed(int serving) {
        if (versions.get(wanted.name()) instanceof Version.Refused) {
            return;
        }
        retireAllBut(Set.of());
        retire(wanted.name());
        versions.put(
                wanted.name(),
                new Version.Refused(
                        "version "
                                + serving
                                + " of the view has taken over: start this process again with the"
                                + " workspace that has it"));
    }

    private void retire(String name) {
        if (versions.remove(name) instanceof Version.Computed computed) {
            computed.running().retire();
            said("A version that another one has taken over from is not computed any more", name);
        }
    }

    private static void said(String what, String version) {
        LOG.atInfo().addKeyValue("view", version).log(what);
    }
}
