/// Files sent to the collector: the engine behind `leat send`. Reads rows of any format as JSON by
/// the contract, and delivers them in batches whose ids do not depend on how often they are sent.
/// Knows the platform only by its client, `leat.client`.
@NullMarked
package leat.stream.send;

import org.jspecify.annotations.NullMarked;
