package leat.launcher.cli;

import java.net.URI;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.launcher.ShownKey;
import leat.launcher.UserError;
import leat.stream.send.ClientAccess;
import leat.stream.tls.TlsContexts;
import leat.stream.tls.TlsIdentity;
import leat.stream.tls.TlsUnusable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What a command shows to the platform's servers. A key is never an argument: those stand in the
/// list of processes and in the shell's history.
public final class ClientAccessOption {

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            description =
                    "A file with the API key to show. Default: the environment's LEAT_KEY, if set.")
    private @Nullable Path keyFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description =
                    "Certificates (PEM) to trust when the server speaks TLS. Default: those of the"
                            + " JDK.")
    private @Nullable Path caFile;

    @Option(
            names = "--client-certificate",
            paramLabel = "FILE",
            description =
                    "The certificate (PEM) to show to a server that asks for one, with those behind"
                            + " it. Default: none.")
    private @Nullable Path clientCertificate;

    @Option(
            names = "--client-key",
            paramLabel = "FILE",
            description =
                    "Its private key (PEM, PKCS #8). Default: it stands in the file of the"
                            + " certificate.")
    private @Nullable Path clientKey;

    /// What is shown to a server.
    ///
    /// @throws UserError when a file cannot be used, or would not be since nothing is encrypted
    ClientAccess access(URI server) {
        refuseInTheOpen(server);
        try {
            return new ClientAccess(
                    new ShownKey("--key-file", Optional.ofNullable(keyFile)).read(), tls());
        } catch (TlsUnusable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    /// Who names certificates believes that nobody else reads what is sent.
    private void refuseInTheOpen(URI server) {
        String scheme = String.valueOf(server.getScheme());
        boolean open = scheme.equals("http") || scheme.equals("grpc");
        if (open && (caFile != null || clientCertificate != null)) {
            throw new UserError(
                    server
                            + " is not encrypted, so that --ca-file and --client-certificate count"
                            + " for nothing",
                    "name an address with https:// or grpcs://, or leave them out");
        }
    }

    private Optional<SSLContext> tls() {
        if (clientKey != null && clientCertificate == null) {
            throw new UserError(
                    "--client-key alone shows nothing", "name its --client-certificate too");
        }
        if (caFile == null && clientCertificate == null) {
            return Optional.empty();
        }
        Optional<TlsIdentity> identity = Optional.ofNullable(clientCertificate).map(this::identity);
        List<X509Certificate> authorities =
                caFile == null ? List.of() : TlsContexts.authorities("--ca-file", caFile);
        return Optional.of(TlsContexts.of(identity, authorities));
    }

    private TlsIdentity identity(Path certificate) {
        return TlsIdentity.read(
                "--client-certificate",
                certificate,
                "--client-key",
                clientKey == null ? certificate : clientKey,
                Instant.now());
    }
}
