/// Alerts as a fold: what a verdict or a command means for an alert, given what it is. Pure.
@NullMarked
package leat.core.alert;

import org.jspecify.annotations.NullMarked;
