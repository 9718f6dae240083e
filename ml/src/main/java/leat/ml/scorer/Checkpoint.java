package leat.ml.scorer;

import leat.core.event.Position;

/// How far a version has learned from a partition of vectors, and where its state is.
///
/// @param scoring `failure-risk.v1`
/// @param version `failure-risk/3`
/// @param since the first vector that it has learned from, if that could be learned from
/// @param at up to which offset of the partition it has learned, exclusive
/// @param model the fingerprint of the version's file
/// @param nanForMissing whether vectors that lack a number are learned from
/// @param lackingOffsets how many offsets between `since` and `at` were deleted before it could
///   learn from them
/// @param state what is kept at `at`
record Checkpoint(
        String scoring,
        String version,
        Position since,
        long at,
        String model,
        boolean nanForMissing,
        long lackingOffsets,
        State state) {

    /// What a version has learned, in chunks.
    ///
    /// @param writtenMillis the time of the chunks' records; none of them is older
    /// @param chunks how many; none where it has learned nothing yet, and is as registered
    record State(long writtenMillis, int chunks, long sizeBytes, String sha256) {
        static final State AS_REGISTERED = new State(0, 0, 0, "");
    }

    /// `SCORING/TOPIC-ID/PARTITION/VERSION`.
    String key() {
        return scoring + "/" + since.topic() + "/" + since.partition() + "/" + version;
    }
}
