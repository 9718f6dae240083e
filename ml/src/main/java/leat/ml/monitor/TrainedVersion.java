package leat.ml.monitor;

import java.util.Optional;
import java.util.OptionalLong;
import leat.core.monitor.Profile;

/// What is known of a version from its training.
///
/// @param features what it has learned from
/// @param scores what it said of rows that it had not learned from
/// @param createdMillis when it was registered
/// @param sizeBytes of its files; empty where they are not in the log
record TrainedVersion(
        Optional<Profile> features,
        Optional<Profile> scores,
        OptionalLong createdMillis,
        OptionalLong sizeBytes) {

    static final TrainedVersion UNKNOWN =
            new TrainedVersion(
                    Optional.empty(), Optional.empty(), OptionalLong.empty(), OptionalLong.empty());

    /// Whoever knows versions.
    @FunctionalInterface
    interface Source {

        /// What is known of a version; [#UNKNOWN] where there is nothing.
        ///
        /// @param version `failure-risk/3`
        /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
        TrainedVersion of(String version);
    }
}
