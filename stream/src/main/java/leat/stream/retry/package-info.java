/// Dead letters that come back: which of them may, as what record, and the transactions that write
/// it, each letter once. What was refused before or by the enricher comes back to raw, what search
/// or the lake refused to that sink alone.
@NullMarked
package leat.stream.retry;

import org.jspecify.annotations.NullMarked;
