/// Tests of the embedded broker.
@NullMarked
package leat.embedded.kafka;

import org.jspecify.annotations.NullMarked;
