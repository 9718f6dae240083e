/// Asking services that know more of an event: calls of many questions, limits, retries, a circuit
/// breaker and a cache. What a service is asked and how it answers is in
/// `docs/reference/enrichment-api.md`.
@NullMarked
package leat.stream.enricher.api;

import org.jspecify.annotations.NullMarked;
