/// The collector without its doors: events come in as bytes, are checked at the top level, stamped,
/// written to the raw topic and acknowledged. No protocol lives here; a door decodes its own and
/// hands events to one [leat.stream.collector.EventIntake].
@NullMarked
package leat.stream.collector;

import org.jspecify.annotations.NullMarked;
