/// All of Kafka that the stages share: where it is, how clients are made, how topics are made and
/// checked, how a stage runs in transactions; and how often stages try again and say that something
/// is wrong. No stage's own logic lives here.
@NullMarked
package leat.stream.log;

import org.jspecify.annotations.NullMarked;
