/// A Kafka broker and controller inside this JVM, for laptops and tests. A cluster's brokers are
/// never started from here.
@NullMarked
package leat.embedded.kafka;

import org.jspecify.annotations.NullMarked;
