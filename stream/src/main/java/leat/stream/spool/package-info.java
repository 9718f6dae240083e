/// A queue of records on disk, for the time in which the log is away: what is in it survives kill
/// -9 and loss of power. Knows records and files; who fills and who empties it is elsewhere.
@NullMarked
package leat.stream.spool;

import org.jspecify.annotations.NullMarked;
