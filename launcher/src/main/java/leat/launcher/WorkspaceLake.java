package leat.launcher;

import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import leat.stream.lake.LakeCatalog;

/// The lake of a workspace.
public final class WorkspaceLake {

    private WorkspaceLake() {}

    /// Opens its catalogue, which a workspace that has run nothing yet has no place for.
    ///
    /// @throws UserError when a newer program has made that place
    public static LakeCatalog open(Workspace workspace) {
        if (workspace.config().lake().store().catalog().isEmpty()) {
            new StateFolder(workspace.stateFolder()).prepare();
        }
        return LakeCatalog.open(workspace.lakeStore(), workspace.names());
    }
}
