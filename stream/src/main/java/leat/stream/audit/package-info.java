/// Proof that nothing was lost and nothing happened twice: for a window of time, every record of a
/// contract's raw topic is followed through the enricher, the lake and search, and every vector of
/// a scoring through the scorer and to where its predictions are, from the data alone.
///
/// Nothing in here may use the code of a stage it judges; what a stage should have done is derived
/// again. Start reading at [Audit], then [Verdicts], the pure core.
@NullMarked
package leat.stream.audit;

import org.jspecify.annotations.NullMarked;
