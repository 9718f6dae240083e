/// Looking into a running platform from outside: the events on the topics, the dead letters and why
/// they died, how far each stage has come. Nothing in here writes, joins a group or needs a stage
/// in this process.
@NullMarked
package leat.stream.inspect;

import org.jspecify.annotations.NullMarked;
