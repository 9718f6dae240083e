/// How good a model is, from its scores and what turned out to be true: at a threshold, over all
/// thresholds, as probabilities, by slice, and by event with the lead time of the alarms. Pure; who
/// scores the rows and where the labels come from is others' business.
@NullMarked
package leat.core.evaluation;

import org.jspecify.annotations.NullMarked;
