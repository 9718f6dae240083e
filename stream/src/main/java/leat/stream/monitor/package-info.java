/// The monitor: counts enriched and dead events by the contracts' rules, judges the windows, and
/// keeps the alerts. What is counted and judged is decided in `core.quality`; here it is joined
/// with the log. Reads the enricher's positions and nothing else of other stages.
@NullMarked
package leat.stream.monitor;

import org.jspecify.annotations.NullMarked;
