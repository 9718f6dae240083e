package leat.core.yaml;

import java.nio.file.Path;

/// A place in a file; line and column count from 1.
public record Location(Path file, int line, int column) {

    /// The very start of a file, for what is wrong with it as a whole.
    public static Location startOf(Path file) {
        return new Location(file, 1, 1);
    }

    /// `file:line`.
    @Override
    public String toString() {
        return file + ":" + line;
    }
}
