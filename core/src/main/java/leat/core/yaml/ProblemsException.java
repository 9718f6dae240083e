package leat.core.yaml;

import java.util.List;
import java.util.stream.Collectors;

/// What the user wrote cannot be used; the message holds one line a problem. The user has to
/// correct the files, trying again is of no use.
public final class ProblemsException extends RuntimeException {

    private final transient List<Problem> problems;

    public ProblemsException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
