/// The ports of the collector's doors: listening, and how many connections are let in. What is said
/// on a connection belongs to its door.
@NullMarked
package leat.stream.collector.listen;

import org.jspecify.annotations.NullMarked;
