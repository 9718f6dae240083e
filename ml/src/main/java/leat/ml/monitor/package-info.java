/// The watching of models at work: reads what stands in the log of each window of a scoring, its
/// vectors and its predictions, and keeps the alerts. What is judged is decided in `core.monitor`;
/// here it is joined with the log.
@NullMarked
package leat.ml.monitor;

import org.jspecify.annotations.NullMarked;
