package leat.stream.testing;

import java.io.IOException;
import java.net.InetAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// Encrypted connections to doors of a test.
public final class TlsSockets {

    private static final int TIMEOUT_MILLIS = 20_000;

    private TlsSockets() {}

    /// Connects and shakes hands; the server must be who it should be.
    public static SSLSocket connect(SSLContext client, int port) throws IOException {
        SSLSocket socket =
                (SSLSocket)
                        client.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }
}
