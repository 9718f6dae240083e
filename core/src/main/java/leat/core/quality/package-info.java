/// The rules of quality that are judged on the stream: what one event adds to a window's tally, how
/// tallies of partitions become one, and what a closed window's verdict is. Pure; the log that
/// feeds it is `stream`'s business.
@NullMarked
package leat.core.quality;

import org.jspecify.annotations.NullMarked;
