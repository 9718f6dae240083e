package leat.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.launcher.config.Workspace;
import leat.stream.extract.ExtractorSettings;
import leat.stream.send.ClientAccess;
import leat.stream.tls.TlsContexts;
import leat.stream.tls.TlsUnusable;

/// What the extractor shows to the collector.
record ExtractorAccess(Workspace workspace) {

    private static final String VARIABLE = "LEAT_KEY";

    /// Reads it as it is now.
    ///
    /// @throws UserError when a file cannot be used
    ClientAccess read() {
        ExtractorSettings settings = workspace.config().extractor();
        try {
            Optional<SSLContext> tls =
                    settings.caFile()
                            .map(workspace.folder()::resolve)
                            .map(file -> TlsContexts.authorities("extractor.ca-file", file))
                            .map(authorities -> TlsContexts.of(Optional.empty(), authorities));
            return new ClientAccess(key(settings), tls);
        } catch (TlsUnusable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
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
