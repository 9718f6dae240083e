package leat.core.model;

/// What a version of a registered model is.
///
/// @param id of the command that made it
/// @param source a URI: where its files are
/// @param runId of the run that trained it; empty for none
/// @param loggedModelId of the logged model that it was made of; empty for none
/// @param runLink where that run can be looked at; empty for nowhere
public record VersionInfo(
        String id,
        int number,
        String source,
        String runId,
        String loggedModelId,
        String runLink,
        String description,
        long createdMillis,
        long updatedMillis) {

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
                nowMillis);
    }
}
