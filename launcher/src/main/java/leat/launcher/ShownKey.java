package leat.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The API key that is shown to a server: that of a file, else of the environment's `LEAT_KEY`. A
/// key is never an argument, where it would stand in the list of processes and in the shell's
/// history.
///
/// @param setting names the file in messages, e.g. `--key-file`
public record ShownKey(String setting, Optional<Path> file) {

    private static final String VARIABLE = "LEAT_KEY";

    /// Reads it as it is now; empty where there is none.
    ///
    /// @throws UserError when the file holds none
    public Optional<String> read() {
        if (file.isEmpty()) {
            return Optional.ofNullable(System.getenv(VARIABLE))
                    .map(String::strip)
                    .filter(key -> !key.isEmpty());
        }
        try {
            String key = Files.readString(file.get()).strip();
            if (key.isEmpty() || !key.chars().allMatch(letter -> letter > ' ' && letter < 127)) {
                throw new UserError(
                        "the file " + file.get() + " holds no key",
                        "write the key that leat keys create has printed into it, and nothing"
                                + " else");
            }
            return Optional.of(key);
        } catch (IOException e) {
            throw new UserError(
                    "the key file " + file.get() + " cannot be read: " + e.getMessage(),
                    "correct " + setting + ", or let this user read it");
        }
    }
}
