package leat.core.model;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What one record of the topic says. Each is the whole value of its key, so that of two with the
/// same key the later one is enough.
public sealed interface ModelRecord {

    /// The newest state of a registered model; its tags, aliases and versions have records of their
    /// own.
    ///
    /// @param info empty where nothing is left of it
    record OfModel(String id, Optional<ModelInfo> info) implements ModelRecord {}

    /// A tag of a registered model.
    ///
    /// @param value empty where the tag was deleted
    record ModelTag(String modelId, String key, Optional<String> value) implements ModelRecord {}

    /// Which version an alias points to, and how it came there.
    ///
    /// @param moves the newest first; empty where the alias was deleted
    record OfAlias(String modelId, String alias, List<AliasMove> moves) implements ModelRecord {
        public OfAlias {
            moves = List.copyOf(moves);
        }
    }

    /// The newest state of a version; its tags have records of their own.
    ///
    /// @param info empty where the version was deleted
    record OfVersion(String modelId, int number, Optional<VersionInfo> info)
            implements ModelRecord {}

    /// A tag of a version.
    ///
    /// @param value empty where the tag was deleted
    record VersionTag(String modelId, int number, String key, Optional<String> value)
            implements ModelRecord {}

    record OfLogged(LoggedModelInfo info) implements ModelRecord {}

    record LoggedParam(String loggedModelId, String key, String value) implements ModelRecord {}

    /// A tag of a logged model.
    ///
    /// @param value empty where the tag was deleted
    record LoggedTag(String loggedModelId, String key, Optional<String> value)
            implements ModelRecord {}

    /// That a run has used or made a logged model.
    ///
    /// @param step when it made it; empty where it used it
    record OfRunModel(String runId, String loggedModelId, OptionalLong step)
            implements ModelRecord {}
}
