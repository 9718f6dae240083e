package leat.stream.extract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a secret stands, never the secret itself: `env:NAME` or `file:PATH`.
///
/// @param text as it is written in the settings
record Secret(String text) {

    private static final String ENV = "env:";
    private static final String FILE = "file:";

    /// @throws IllegalArgumentException when it is neither; the message does not repeat it, since a
    ///   secret may have been written there
    Secret {
        if (!text.startsWith(ENV) && !text.startsWith(FILE)) {
            throw new IllegalArgumentException(
                    "a secret is named by env:NAME or file:PATH, and never written into the file");
        }
    }

    /// Reads it, anew each time.
    ///
    /// @param folder where relative paths begin
    String value(Path folder) throws SourceFailed {
        if (text.startsWith(ENV)) {
            String value = System.getenv(text.substring(ENV.length()));
            if (value == null || value.isBlank()) {
                throw new SourceFailed(
                        "the environment has no " + text.substring(ENV.length()) + "; set it");
            }
            return value.strip();
        }
        Path file = folder.resolve(text.substring(FILE.length()));
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new SourceFailed("the secret of " + file + " cannot be read", e);
        }
    }
}
