package leat.core.tracking;

import java.util.OptionalLong;

/// What a run is, without what it logged.
///
/// @param endMillis empty while it has none
public record RunInfo(
        String id,
        String experimentId,
        String name,
        String userId,
        RunStatus status,
        long startMillis,
        OptionalLong endMillis,
        String artifactUri,
        LifecycleStage stage) {

    RunInfo named(String newName) {
        return new RunInfo(
                id,
                experimentId,
                newName,
                userId,
                status,
                startMillis,
                endMillis,
                artifactUri,
                stage);
    }

    RunInfo with(RunStatus newStatus, OptionalLong newEndMillis) {
        return new RunInfo(
                id,
                experimentId,
                name,
                userId,
                newStatus,
                startMillis,
                newEndMillis,
                artifactUri,
                stage);
    }

    RunInfo in(LifecycleStage newStage) {
        return new RunInfo(
                id,
                experimentId,
                name,
                userId,
                status,
                startMillis,
                endMillis,
                artifactUri,
                newStage);
    }
}
