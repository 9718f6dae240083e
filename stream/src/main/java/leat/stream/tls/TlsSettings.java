package leat.stream.tls;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.config.Setting;

/// The files by which servers speak TLS.
public record TlsSettings(
        @Setting(
                        description =
                                "The server's certificate and the intermediate ones behind it, PEM;"
                                        + " relative to the workspace, like the other files")
                Path certificate,
        @Setting(
                        description =
                                "Its private key, PEM (PKCS #8) without a password, readable by its"
                                        + " owner alone or its group")
                Path key,
        @Setting(
                        description =
                                "Certificates (PEM) of the authorities that sign those of clients;"
                                        + " absent means that clients are not asked for one")
                Optional<Path> clientAuthorities,
        @Setting(
                        description =
                                "Whether clients must show a certificate of the"
                                        + " `client-authorities`; absent means `required` where"
                                        + " they are set")
                Optional<ClientCertificates> clientCertificates) {

    /// Whether a client without a certificate gets a connection.
    public enum ClientCertificates {
        REQUIRED,
        OPTIONAL
    }

    /// Checks that they fit each other.
    ///
    /// @throws IllegalArgumentException when nobody could have signed what clients are to show
    public TlsSettings {
        if (clientCertificates.isPresent() && clientAuthorities.isEmpty()) {
            throw new IllegalArgumentException(
                    "client-certificates needs client-authorities: who signs them");
        }
    }

    /// The same with relative paths resolved.
    public TlsSettings within(Path folder) {
        return new TlsSettings(
                folder.resolve(certificate),
                folder.resolve(key),
                clientAuthorities.map(folder::resolve),
                clientCertificates);
    }

    /// Whether nobody gets a connection without a certificate.
    public boolean requiresClientCertificates() {
        return clientAuthorities.isPresent()
                && clientCertificates.orElse(ClientCertificates.REQUIRED)
                        == ClientCertificates.REQUIRED;
    }

    /// All files, to be followed.
    public List<Path> files() {
        List<Path> files = new ArrayList<>(List.of(certificate, key));
        clientAuthorities.ifPresent(files::add);
        return files;
    }
}
