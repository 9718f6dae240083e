package leat.stream.audit;

/// What an audit may expect of one raw partition.
///
/// @param window the raw offsets whose append time lies in the window
/// @param verifiableFrom the raw offset from which on the log keeps all that is needed to judge
/// @param enricherPosition the raw offset at which the enricher goes on
/// @param lakePosition the enriched offset at which the lake loader goes on
/// @param searchPosition the enriched offset at which the search loader goes on
/// @param lakeRetryPosition the same of what came back to the lake
/// @param searchRetryPosition the same of what came back to search
record PartitionScope(
        OffsetRange window,
        long verifiableFrom,
        long enricherPosition,
        long lakePosition,
        long searchPosition,
        long lakeRetryPosition,
        long searchRetryPosition) {

    /// The part of the window that can be judged.
    OffsetRange verifiable() {
        return new OffsetRange(Math.max(window.from(), verifiableFrom), window.to());
    }
}
