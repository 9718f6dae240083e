package leat.launcher;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import leat.core.contract.ContractName;
import leat.core.feature.CompiledView;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureRegistry;
import leat.ml.featurestore.RegisteredViews;
import leat.ml.featurestore.ServingWatch;
import leat.stream.log.LogConnection;

/// The former versions of views that serve while the workspace's are on their way.
///
/// @param former by the names of their views
record ServingViews(Map<ContractName, CompiledView> former) {

    ServingViews {
        former = Collections.unmodifiableMap(new LinkedHashMap<>(former)); // in their order
    }

    /// As the registry says now.
    static ServingViews of(Workspace workspace, LogConnection log) {
        if (workspace.formerViews().isEmpty()) {
            return new ServingViews(Map.of());
        }
        RegisteredViews registered = new FeatureRegistry(log, workspace.names()).read();
        Map<ContractName, CompiledView> former = new LinkedHashMap<>();
        for (CompiledView version : workspace.formerViews()) {
            ContractName name = version.view().name();
            registered
                    .serving(name)
                    .filter(history -> history.current().version() == version.view().version())
                    .ifPresent(_ -> former.put(name, version));
        }
        return new ServingViews(former);
    }

    /// The version that serves in the place of the workspace's.
    Optional<CompiledView> inPlaceOf(CompiledView wanted) {
        return Optional.ofNullable(former.get(wanted.view().name()));
    }

    /// What is to change once the workspace's versions take over.
    ///
    /// @param answers where answers of a view come from; empty where nobody asks it
    List<ServingWatch.Change> changes(
            List<CompiledView> views,
            Function<CompiledView, Optional<ServingWatch.Answers>> answers) {
        return views.stream().flatMap(view -> change(view, answers).stream()).toList();
    }

    private Optional<ServingWatch.Change> change(
            CompiledView view, Function<CompiledView, Optional<ServingWatch.Answers>> answers) {
        return inPlaceOf(view)
                .flatMap(from ->
                        answers.apply(view)
                                .map(asked ->
                                        new ServingWatch.Change(
                                                new FeatureFlow(from),
                                                new FeatureFlow(view),
                                                asked)));
    }
}
