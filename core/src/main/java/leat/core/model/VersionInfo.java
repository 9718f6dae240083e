package leat.core.model;

import java.util.Optional;
import leat.core.artifact.StoredFiles;

/// What a version of a registered model is.
///
/// @param id of the command that made it
/// @param source a URI: where its files are
/// @param runId of the run that trained it; empty for none
/// @param loggedModelId of the logged model that it was made of; empty for none
/// @param runLink where that run can be looked at; empty for nowhere
/// @param stored which files it is, where they are in an object store: those that were at its
///   source when it was made
public record VersionInfo(
        String id,
        int number,
        String source,
        String runId,
        String loggedModelId,
        String runLink,
        String description,
        long createdMillis,
        long updatedMillis,
        Optional<StoredFiles> stored) {

    /// A version whose files are in the log, or are not known.
    public VersionInfo(
            String id,
            int number,
            String source,
            String runId,
            String loggedModelId,
            String runLink,
            String description,
            long createdMillis,
            long updatedMillis) {
        this(
                id,
                number,
                source,
                runId,
                loggedModelId,
                runLink,
                description,
                createdMillis,
                updatedMillis,
                Optional.empty());
    }

    VersionInfo described(String newDescription, long nowMillis) {
        return new VersionInfo(
                id,
                number,
                source,
                runId,
                loggedModelId,
                runLink,
                newDescription,
                createdMillis,
                nowMillis,
                stored);
    }
}
