/// Every HTTP interface that people call: SQL, status, metrics, health. It asks the parts and
/// renders their answers; it decides nothing.
@NullMarked
package leat.console;

import org.jspecify.annotations.NullMarked;
