package leat.core.training;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.scoring.OutputValue;

/// A program that learns: of any language, in a folder of the workspace.
///
/// @param words the program and its arguments, at least one
/// @param score which value of the model's outputs is the score; the usual one when empty
/// @param timeout how long it may take each time
/// @param environment the variables that it is given beside the usual ones, by their names
/// @param folder the model's own, in which it is started
/// @param digest differs from that of other files in the folder
public record TrainingCommand(
        List<String> words,
        Optional<OutputValue> score,
        Duration timeout,
        List<String> environment,
        Path folder,
        String digest) {

    /// The algorithm's name that asks for one.
    public static final String NAME = "command";

    /// Checks that there is a program.
    ///
    /// @throws IllegalArgumentException when there is none
    public TrainingCommand {
        words = List.copyOf(words);
        environment = List.copyOf(environment);
        if (words.isEmpty()) {
            throw new IllegalArgumentException("a command has at least one word");
        }
    }

    /// Whether the files in the folder are still those that the digest is of.
    public boolean isAsRead() {
        try {
            return FolderDigest.of(folder).equals(digest);
        } catch (IOException _) {
            return false;
        }
    }

    /// As people write it.
    public String line() {
        return String.join(" ", words);
    }
}
