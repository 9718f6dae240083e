package leat.launcher;

import leat.launcher.config.StateFolder;
import leat.launcher.config.Workspace;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakeUnavailable;

/// The lake of a workspace.
public final class WorkspaceLake {

    private WorkspaceLake() {}

    /// Opens its catalogue, which a workspace that has run nothing yet has no place for.
    ///
    /// @throws UserError when a newer program has made that place, or the catalogue does not answer
    public static LakeCatalog open(Workspace workspace) {
        if (workspace.config().lake().store().catalog().isEmpty()) {
            new StateFolder(workspace.stateFolder()).prepare();
        }
        try {
            return LakeCatalog.open(workspace.lakeStore(), workspace.names());
        } catch (LakeUnavailable e) {
            throw unavailable(workspace, e);
        }
    }

    /// What to do about a lake that is not there.
    public static UserError unavailable(Workspace workspace, LakeUnavailable cause) {
        return new UserError(
                String.valueOf(cause.getMessage()),
                workspace.config().lake().store().catalog().isPresent()
                        ? "see that what lake.store in leat.yaml names is there and lets you in"
                        : "see that "
                                + workspace.stateFolder().resolve("lake.db")
                                + " and the files of the lake beside it can be read and written");
    }
}
