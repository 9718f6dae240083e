/// Who may bring events in: credentials as a door took them out of its protocol, the callers that
/// stand behind them, and what each of them may do. No protocol lives here.
@NullMarked
package leat.stream.collector.access;

import org.jspecify.annotations.NullMarked;
