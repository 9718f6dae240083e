package leat.ml.featurestore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.ContractName;
import leat.core.event.TopicId;

/// What has to be registered before a workspace's views may run.
///
/// @param versions new ones, and those whose text has changed without their meaning
/// @param first the first terms of views that nothing was known of
record Claim(List<RegisteredView> versions, Map<ContractName, ServingHistory> first) {

    Claim {
        versions = List.copyOf(versions);
        first = Map.copyOf(first);
    }

    boolean isEmpty() {
        return versions.isEmpty() && first.isEmpty();
    }

    /// Why a view may not run; empty where it may.
    static Optional<ViewRefused> objection(FeatureFlow flow, RegisteredViews registered) {
        Optional<RegisteredView> known =
                Optional.ofNullable(registered.versions().get(flow.name()));
        return known.flatMap(view -> changed(flow, view))
                .or(() ->
                        registered
                                .serving(flow.compiled().view().name())
                                .flatMap(history -> passed(flow, history.current().version())))
                .or(() -> known.flatMap(view -> dropped(flow, view)));
    }

    /// Why a version that was dropped may not run.
    static Optional<ViewRefused> dropped(FeatureFlow flow, RegisteredView registered) {
        return registered
                .dropped()
                .map(since ->
                        new ViewRefused(
                                flow.compiled().view().file()
                                        + ": the view "
                                        + flow.name()
                                        + " was dropped at "
                                        + since,
                                "count its version up, so that it is computed anew"));
    }

    /// Why a view may not run where something else is registered under its name and version.
    static Optional<ViewRefused> changed(FeatureFlow flow, RegisteredView registered) {
        if (registered.fingerprint().equals(flow.fingerprint())) {
            return Optional.empty();
        }
        String now = flow.source().nameAndMajor();
        String then = registered.source().isEmpty() ? now : registered.source();
        return Optional.of(
                new ViewRefused(
                        flow.compiled().view().file()
                                + ": the view "
                                + flow.name()
                                + " has run with another definition, which its vectors and its"
                                + " state are made by"
                                + (then.equals(now)
                                        ? ""
                                        : ": it has read " + then + ", and would read " + now),
                        "count its version up, so that the new definition starts anew beside the"
                                + " old one, or take the change back"));
    }

    private static Optional<ViewRefused> passed(FeatureFlow flow, int serving) {
        if (flow.compiled().view().version() >= serving) {
            return Optional.empty();
        }
        return Optional.of(
                new ViewRefused(
                        flow.compiled().view().file()
                                + ": version "
                                + serving
                                + " of the view has taken over from version "
                                + flow.compiled().view().version()
                                + ", which is not computed any more",
                        "give what should follow it the version "
                                + (serving + 1)
                                + ", also where that is the old definition"));
    }

    /// What is missing.
    ///
    /// @param sources the ids of the sources' topics, by the names of the versions; of the new ones
    ///   at least
    /// @throws ViewRefused when one of the views may not run
    static Claim of(
            List<ViewDefinition> definitions,
            RegisteredViews registered,
            Map<String, TopicId> sources,
            Instant now) {
        List<RegisteredView> versions = new ArrayList<>();
        Map<ContractName, ServingHistory> first = new HashMap<>();
        for (ViewDefinition definition : definitions) {
            FeatureFlow flow = definition.flow();
            objection(flow, registered)
                    .ifPresent(refused -> {
                        throw refused;
                    });
            RegisteredView known = registered.versions().get(flow.name());
            TopicId source = known == null ? required(sources, flow.name()) : known.sourceTopic();
            RegisteredView wanted =
                    new RegisteredView(
                            flow.name(),
                            flow.fingerprint(),
                            source,
                            flow.source().nameAndMajor(),
                            definition.text());
            if (!wanted.equals(known)) {
                versions.add(wanted);
            }
            ContractName view = flow.compiled().view().name();
            if (registered.serving(view).isEmpty()) {
                int version = flow.compiled().view().version();
                first.put(
                        view,
                        new ServingHistory(
                                List.of(new ServingTerm(version, source, Map.of(), now))));
            }
        }
        return new Claim(versions, first);
    }

    private static TopicId required(Map<String, TopicId> sources, String version) {
        TopicId source = sources.get(version);
        if (source == null) {
            throw new IllegalArgumentException("no source of " + version + " is known");
        }
        return source;
    }
}
