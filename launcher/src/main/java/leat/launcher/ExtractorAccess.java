package leat.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import leat.launcher.config.Workspace;
import leat.stream.extract.ExtractorSettings;
import leat.stream.send.ClientAccess;

/// What the extractor shows to the collector.
record ExtractorAccess(Workspace workspace) {

    private static final String VARIABLE = "LEAT_KEY";

    /// Reads it as it is now.
    ///
    /// @throws UserError when a file cannot be used
    ClientAccess read() {
        ExtractorSettings settings = workspace.config().extractor();
        ClientAccess access = new ClientAccess(key(settings), Optional.empty());
        try {
            return settings.caFile()
                    .map(file -> access.trusting(workspace.folder().resolve(file)))
                    .orElse(access);
        } catch (IllegalArgumentException e) {
            throw new UserError(String.valueOf(e.getMessage()), "correct extractor.ca-file");
        }
    }

    private Optional<String> key(ExtractorSettings settings) {
        if (settings.keyFile().isEmpty()) {
            return Optional.ofNullable(System.getenv(VARIABLE))
                    .map(String::strip)
                    .filter(key -> !key.isEmpty());
        }
        Path file = workspace.folder().resolve(settings.keyFile().get());
        try {
            return Optional.of(Files.readString(file).strip());
        } catch (IOException e) {
            throw new UserError(
                    "the key file " + file + " cannot be read: " + e.getMessage(),
                    "correct extractor.key-file, or let this user read it");
        }
    }
}
