/// All of Kafka that the stages share: where it is, how clients are made, how topics are made and
/// checked, how a stage runs in transactions. No stage's own logic lives here.
@NullMarked
package leat.stream.log;

import org.jspecify.annotations.NullMarked;
