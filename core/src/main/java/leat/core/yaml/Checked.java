package leat.core.yaml;

import java.util.List;

/// What came of reading a file: a value that is sound as a whole, or every problem.
public sealed interface Checked<T> {

    /// Nothing is wrong.
    record Sound<T>(T value) implements Checked<T> {}

    /// Something is; `problems` is not empty, in the order of the file as far as possible.
    record Faulty<T>(List<Problem> problems) implements Checked<T> {
        public Faulty {
            problems = List.copyOf(problems);
            if (problems.isEmpty()) {
                throw new IllegalArgumentException("a fault needs a problem");
            }
        }
    }

    /// The value.
    ///
    /// @throws ProblemsException with every problem where there is no value
    default T orThrow() {
        return switch (this) {
            case Sound<T>(T value) -> value;
            case Faulty<T>(List<Problem> problems) -> throw new ProblemsException(problems);
        };
    }

    /// The problems; none when sound.
    default List<Problem> faults() {
        return switch (this) {
            case Sound<T> _ -> List.of();
            case Faulty<T>(List<Problem> problems) -> problems;
        };
    }
}
