package leat.core.monitor;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What was in the log of one window of a scoring.
///
/// @param vectors that came; a sample of them made the profiles where there were very many
/// @param newestVectorMillis when the last of them was appended; empty when none came
/// @param versions that predicted in the window, each once
/// @param labelled what became of an earlier window's predictions; empty where there are no labels
public record SeenWindow(
        long startMillis,
        long endMillis,
        long vectors,
        OptionalLong newestVectorMillis,
        List<Version> versions,
        Optional<LabelledWindow> labelled) {

    public SeenWindow {
        versions = List.copyOf(versions);
    }

    /// What was seen of a version.
    ///
    /// @param name `failure-risk/3`
    /// @param answers whether it was champion or canary, and so alerts are for it
    /// @param predictions looked at
    /// @param failed those of them that have no values
    /// @param again those of them that were made again
    /// @param createdMillis when the version was registered, where that is known
    /// @param features of all vectors of the window
    /// @param scores of its predictions
    public record Version(
            String name,
            boolean answers,
            long predictions,
            long failed,
            Recomputed again,
            Delays delays,
            OptionalLong createdMillis,
            Cost cost,
            Sight features,
            Sight scores) {}

    /// What a version costs.
    ///
    /// @param rows that it was run for
    /// @param seconds that it took for them, reading and writing excluded
    /// @param bytes the size of its files, where that is known
    public record Cost(long rows, double seconds, OptionalLong bytes) {}

    /// How long after their query time predictions stood in the log.
    ///
    /// @param meanSeconds NaN, as the other, where there was no prediction
    public record Delays(double meanSeconds, double maxSeconds) {}

    /// A profile of the window beside what it is compared with.
    ///
    /// @param now made by the intervals of the baseline, where there is one
    public record Sight(Optional<Profile> baseline, Profile now) {}
}
