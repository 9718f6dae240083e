/// Every HTTP interface that people and programs call beside the collector: SQL, status, metrics,
/// health. It asks the other modules and decides nothing of its own.
@NullMarked
package leat.console;

import org.jspecify.annotations.NullMarked;
