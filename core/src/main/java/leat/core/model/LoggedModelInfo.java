package leat.core.model;

import leat.core.tracking.LifecycleStage;

/// What a logged model is: the files that a run, or somebody without one, has logged as a model.
/// MLflow's clients from version 3 on make them.
///
/// @param sourceRunId of the run that logged it; empty for none
/// @param artifactUri where its files are
public record LoggedModelInfo(
        String id,
        String experimentId,
        String name,
        String modelType,
        String sourceRunId,
        String artifactUri,
        LoggedModelStatus status,
        LifecycleStage stage,
        long createdMillis,
        long updatedMillis) {

    LoggedModelInfo with(LoggedModelStatus newStatus, long nowMillis) {
        return new LoggedModelInfo(
                id,
                experimentId,
                name,
                modelType,
                sourceRunId,
                artifactUri,
                newStatus,
                stage,
                createdMillis,
                nowMillis);
    }

    LoggedModelInfo in(LifecycleStage newStage, long nowMillis) {
        return new LoggedModelInfo(
                id,
                experimentId,
                name,
                modelType,
                sourceRunId,
                artifactUri,
                status,
                newStage,
                createdMillis,
                nowMillis);
    }
}
