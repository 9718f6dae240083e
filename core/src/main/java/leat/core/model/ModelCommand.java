package leat.core.model;

import java.util.List;
import leat.core.tracking.TrackingRefused;

/// Something to be done. It may be decided on more than once, where nobody can say whether the
/// records of the first time were written; so what it makes has its id from the command.
public sealed interface ModelCommand
        permits RegisteredModelCommand, VersionCommand, AliasCommand, LoggedModelCommand {

    /// What is to be written, in one transaction; nothing where all of it is there.
    ///
    /// @throws TrackingRefused when it may not be done
    List<ModelRecord> decide(ModelFold state, long nowMillis);
}
