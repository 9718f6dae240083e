package leat.launcher.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import leat.launcher.UserError;
import leat.launcher.ViewRegistration;
import leat.launcher.config.Workspace;
import leat.ml.featurestore.FeatureFlow;

/// Finds the views that a command is about.
record FlowChoice(Workspace workspace) {

    /// The view, or all of the workspace. A former version that is still known can be named.
    ///
    /// @param wanted `NAME` or `NAME.vN`; all when empty
    /// @throws UserError when there is no such view, or none at all
    List<FeatureFlow> choose(Optional<String> wanted) {
        List<FeatureFlow> all = ViewRegistration.flows(workspace);
        if (wanted.isEmpty()) {
            if (all.isEmpty()) {
                throw new UserError(
                        "the workspace has no feature view", "write one, features/NAME.yaml");
            }
            return all;
        }
        String name = wanted.get();
        return workspace.allViews().stream()
                .map(FeatureFlow::new)
                .filter(flow ->
                        flow.name().equals(name)
                                || flow.compiled().view().name().value().equals(name))
                .findFirst()
                .map(List::of)
                .orElseThrow(() ->
                        new UserError(
                                "there is no feature view '" + name + "'",
                                all.isEmpty()
                                        ? "write it, features/" + name + ".yaml"
                                        : "name one of "
                                                + all.stream()
                                                        .map(FeatureFlow::name)
                                                        .collect(Collectors.joining(", "))));
    }
}
