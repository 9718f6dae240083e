/// Sources outside of the log, read again and again and pushed through the collector as by any
/// producer: files that grow, HTTP interfaces, databases. How far each was read stands in a
/// compacted topic, written once the collector has acknowledged; what may be written there is
/// decided in the core.
@NullMarked
package leat.stream.extract;

import org.jspecify.annotations.NullMarked;
