package leat.ml.training.algorithm;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// There is no such algorithm, or it cannot have these parameters.
public final class AlgorithmRefused extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient List<Problem> problems;

    AlgorithmRefused(List<Problem> problems) {
        super(problems.stream().map(Problem::message).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /// All that is wrong, at least one.
    public List<Problem> problems() {
        return problems;
    }

    /// One thing that is wrong.
    ///
    /// @param parameter which one it is about, or none when it is about the algorithm's name
    /// @param message what is wrong, and what may stand there
    public record Problem(Optional<String> parameter, String message) {}
}
