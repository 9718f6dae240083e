package leat.console;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.WebServerConfig;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/// TLS for a server of Helidon.
final class Encryption {

    private Encryption() {}

    /// Gives a server the context, where there is one.
    static WebServerConfig.Builder of(Optional<SSLContext> tls, WebServerConfig.Builder server) {
        tls.ifPresent(context -> server.tls(Tls.builder().sslContext(context).build()));
        return server;
    }
}
