/// How unusual each point of a metric's stream is. Pure: a detector knows one stream and what came
/// before a point, no clock, no contract, no file.
@NullMarked
package leat.core.anomaly;

import org.jspecify.annotations.NullMarked;
