package leat.launcher;

import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.launcher.config.Workspace;
import leat.stream.extract.ExtractorSettings;
import leat.stream.send.ClientAccess;
import leat.stream.tls.TlsContexts;
import leat.stream.tls.TlsUnusable;

/// What the extractor shows to the collector.
record ExtractorAccess(Workspace workspace) {

    /// Reads it as it is now.
    ///
    /// @throws UserError when a file cannot be used
    ClientAccess read() {
        ExtractorSettings settings = workspace.config().extractor();
        ShownKey key =
                new ShownKey(
                        "extractor.key-file", settings.keyFile().map(workspace.folder()::resolve));
        try {
            Optional<SSLContext> tls =
                    settings.caFile()
                            .map(workspace.folder()::resolve)
                            .map(file -> TlsContexts.authorities("extractor.ca-file", file))
                            .map(authorities -> TlsContexts.of(Optional.empty(), authorities));
            return new ClientAccess(key.read(), tls);
        } catch (TlsUnusable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }
}
