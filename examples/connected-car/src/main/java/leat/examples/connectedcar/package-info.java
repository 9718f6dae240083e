/// A simulated fleet of cars: a driving cycle, coupled sensors, rare failures with their labels.
/// Known to the program only as an [leat.core.event.EventGenerator]. Nothing in here has a clock, a
/// thread or a random source of its own.
@NullMarked
package leat.examples.connectedcar;

import org.jspecify.annotations.NullMarked;
