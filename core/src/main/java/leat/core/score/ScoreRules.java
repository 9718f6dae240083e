package leat.core.score;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The part `score` of a file `models/NAME.yaml`: what is asked of a model beside what all are
/// asked, and what somebody answers for.
///
/// @param groups features by whose values errors are to be alike, which are slices of the training
/// @param oldest how old the version that answers may be
/// @param budget what a feature may cost
public record ScoreRules(
        List<Answer> answers, List<String> groups, Duration oldest, Budget budget) {

    /// What is not written.
    public static final ScoreRules DEFAULT =
            new ScoreRules(
                    List.of(),
                    List.of(),
                    Duration.ofDays(30),
                    new Budget(10_000, Duration.ofSeconds(10)));

    public ScoreRules {
        answers = List.copyOf(answers);
        groups = List.copyOf(groups);
    }

    /// What a feature may cost.
    ///
    /// @param tiles that are kept of one entity for it
    /// @param delay from an event to its vector, of 99 of 100
    public record Budget(int tiles, Duration delay) {}

    /// The newest answer to a test.
    Optional<Answer> answer(ScoreTest test) {
        return answers.stream()
                .filter(answer -> answer.test() == test)
                .max(Comparator.comparing(Answer::date));
    }
}
