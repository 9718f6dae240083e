/// Reference data as a stage looks it up: a contract's or feature view's `latest` topic, held in
/// memory. Knows the log; no stage.
@NullMarked
package leat.stream.reference;

import org.jspecify.annotations.NullMarked;
