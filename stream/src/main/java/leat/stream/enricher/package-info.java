/// The enricher: raw events in, enriched events and dead letters out, exactly once. What is said of
/// one event is decided by the contract in `core`; here it is joined with the log.
@NullMarked
package leat.stream.enricher;

import org.jspecify.annotations.NullMarked;
