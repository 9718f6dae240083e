package leat.bench;

import java.time.Duration;
import java.util.OptionalDouble;

/// A door that answers for a registered model, with clients that ask it for the scores of vectors,
/// one a question.
interface ScoreDoor extends AutoCloseable {

    /// As metrics have it: `rest`.
    String word();

    /// What runs meanwhile.
    String roles();

    /// The stated bar for questions a second; empty where none is stated.
    default OptionalDouble leastPerSecond() {
        return OptionalDouble.empty();
    }

    /// Asks so many questions, from several clients each of which waits for its answer before it
    /// asks again; how many there were.
    ///
    /// @throws IllegalStateException when one is not answered
    long ask(int questions);

    /// Asks at a steady pace whatever the answers do.
    ///
    /// @return with a status of the door's protocol
    /// @throws IllegalStateException when one is not answered
    LoadProcess.Sent askAt(double perSecond, Duration time);

    @Override
    void close();
}
