/// The files that runs and models have, as a fold of the records that say where the log holds their
/// bytes. Nothing here reads or writes a log.
@NullMarked
package leat.core.artifact;

import org.jspecify.annotations.NullMarked;
