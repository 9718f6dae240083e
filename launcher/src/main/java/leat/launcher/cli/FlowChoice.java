package leat.launcher.cli;

import java.util.List;
import java.util.Optional;
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
        if (wanted.isPresent()) {
            return List.of(
                    new FeatureFlow(new FeatureChoice(workspace.allViews()).view(wanted.get())));
        }
        List<FeatureFlow> all = ViewRegistration.flows(workspace);
        if (all.isEmpty()) {
            throw new UserError(
                    "the workspace has no feature view", "write one, features/NAME.yaml");
        }
        return all;
    }
}
