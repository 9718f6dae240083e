package leat.stream.enricher.api;

import java.time.Duration;
import java.util.List;
import leat.core.enrich.Answers.Answer;
import leat.core.enrich.Answers.Question;

/// One way of calling a service.
interface ApiTransport extends AutoCloseable {

    /// Asks in one call; answers are in the order of the questions and one each.
    ///
    /// @throws ApiFailed when there is no usable answer
    /// @throws InterruptedException when the caller gave up
    List<Answer> call(List<Question> questions, Duration timeout)
            throws ApiFailed, InterruptedException;

    @Override
    void close();

    /// A call failed.
    final class ApiFailed extends Exception {
        private static final long serialVersionUID = 1;
        private final boolean passing;

        /// @param passing whether the same call may succeed a moment later
        ApiFailed(String why, boolean passing) {
            super(why, null, false, false);
            this.passing = passing;
        }

        boolean passing() {
            return passing;
        }
    }
}
