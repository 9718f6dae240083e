package leat.stream.extract;

import java.nio.file.Path;
import leat.core.config.Secrets;

/// Where a secret stands, never the secret itself: `${env:NAME}` or `${file:PATH}`.
///
/// @param setting names it in messages
/// @param text as it is written in the settings
record Secret(String setting, String text) {

    /// @throws IllegalArgumentException when it is neither; the message does not repeat it, since a
    ///   secret may have been written there
    Secret {
        Secrets.requirePlace(setting, text);
    }

    /// Reads it, anew each time.
    ///
    /// @param folder where relative paths begin
    String value(Path folder) throws SourceFailed {
        try {
            return new Secrets(System.getenv(), folder).resolve(setting, text).strip();
        } catch (Secrets.Missing e) {
            throw new SourceFailed(e.getMessage() + "; " + e.remedy());
        }
    }
}
