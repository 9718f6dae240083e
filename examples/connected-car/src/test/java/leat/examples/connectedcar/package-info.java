/// The simulated fleet, tested by its events.
@NullMarked
package leat.examples.connectedcar;

import org.jspecify.annotations.NullMarked;
