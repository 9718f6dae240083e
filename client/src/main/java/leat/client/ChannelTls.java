package leat.client;

import io.grpc.ChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextChannelCredentials;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.grpc.netty.shaded.io.netty.handler.ssl.JdkSslContext;
import javax.net.ssl.SSLContext;

/// A context of the JDK as gRPC takes it.
final class ChannelTls {

    private static final String HTTP_2 = "h2";

    private ChannelTls() {}

    /// Believes the servers that `context` believes, by the name in their address, and shows the
    /// certificate that it has.
    static ChannelCredentials of(SSLContext context) {
        return NettySslContextChannelCredentials.create(
                new JdkSslContext(
                        context,
                        true,
                        null,
                        IdentityCipherSuiteFilter.INSTANCE,
                        new ApplicationProtocolConfig(
                                Protocol.ALPN,
                                SelectorFailureBehavior.NO_ADVERTISE,
                                SelectedListenerFailureBehavior.ACCEPT,
                                HTTP_2),
                        ClientAuth.NONE,
                        new String[] {"TLSv1.3", "TLSv1.2"},
                        false));
    }
}
