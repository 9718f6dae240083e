package leat.ml.featurestore;

import java.util.List;

/// What a replay has found.
///
/// @param view `NAME.vN`
/// @param events of the source that were replayed
/// @param vectors that were compared, bit for bit
/// @param entities whose newest vector in `latest` was compared too
/// @param differences vectors that differ, are missing, or should not be there
/// @param first some of them
public record VerifyReport(
        String view,
        long events,
        long vectors,
        long entities,
        long differences,
        List<Difference> first) {

    /// How many differences are told.
    public static final int TOLD = 10;

    public VerifyReport {
        first = List.copyOf(first);
    }

    /// Where a topic of vectors is not what a replay gives.
    ///
    /// @param position of the event in the source, `topicId/partition@offset`
    /// @param what is the matter
    /// @param found the vector that is there; empty where none is
    /// @param replayed the vector that should be there; empty where none should
    public record Difference(String position, String what, String found, String replayed) {}

    public boolean clean() {
        return differences == 0;
    }
}
