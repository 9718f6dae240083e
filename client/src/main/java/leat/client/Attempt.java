package leat.client;

import java.time.Duration;
import java.util.Optional;

/// What became of one try to send a batch.
public sealed interface Attempt {

    /// The collector answered for all its events.
    record Answered(Answer answer) implements Attempt {}

    /// It is more than one request may have; parts of it may not be.
    record TooLarge() implements Attempt {}

    /// It may succeed later. Some of the events may be stored.
    ///
    /// @param after how long the collector asks to wait; empty where it does not say
    record Later(String why, Optional<Duration> after) implements Attempt {}

    /// It will not succeed.
    ///
    /// @param code the collector's word for it
    record Refused(String code, String message) implements Attempt {}
}
