package leat.stream.collector.grpc;

import io.grpc.ServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalNettyServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.channel.ChannelInboundHandlerAdapter;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslHandler;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.tls.DoorTls;

/// TLS of a gRPC server, with a count of the connections that end before they are encrypted.
///
/// gRPC tells its filters of connections whose HTTP/2 has begun, and nobody of others. So this
/// stands in the way of those that it makes, by the classes that gRPC has for its own extensions.
final class CountedHandshakes implements InternalProtocolNegotiator.ProtocolNegotiator {

    private final InternalProtocolNegotiator.ProtocolNegotiator negotiator;
    private final DoorTls tls;

    private CountedHandshakes(
            InternalProtocolNegotiator.ProtocolNegotiator negotiator, DoorTls tls) {
        this.negotiator = negotiator;
        this.tls = tls;
    }

    /// What has changed in the files counts for the next connection.
    static ServerCredentials credentials(DoorTls tls) {
        InternalProtocolNegotiator.ServerFactory encrypting =
                InternalNettyServerCredentials.toNegotiator(
                        NettySslContextServerCredentials.create(new NewestSslContext(tls.files())));
        InternalProtocolNegotiator.ServerFactory counting =
                threads -> new CountedHandshakes(encrypting.newNegotiator(threads), tls);
        return InternalNettyServerCredentials.create(counting);
    }

    @Override
    public AsciiString scheme() {
        return negotiator.scheme();
    }

    @Override
    public ChannelHandler newHandler(GrpcHttp2ConnectionHandler http) {
        return new Watch(negotiator.newHandler(http));
    }

    @Override
    public void close() {
        negotiator.close();
    }

    /// Looks at how one connection's handshake ends.
    private final class Watch extends ChannelInboundHandlerAdapter {

        private final ChannelHandler negotiation;

        Watch(ChannelHandler negotiation) {
            this.negotiation = negotiation;
        }

        @Override
        public void handlerAdded(ChannelHandlerContext ctx) {
            ctx.pipeline().addAfter(ctx.name(), null, negotiation);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // it is the handshake's own
        public void channelActive(ChannelHandlerContext ctx) {
            // By this the handshake is begun.
            ctx.fireChannelActive();
            SslHandler encryption = ctx.pipeline().get(SslHandler.class);
            if (encryption == null) {
                throw new IllegalStateException("gRPC has not begun a handshake");
            }
            encryption
                    .handshakeFuture()
                    .addListener(handshake -> {
                        if (!handshake.isSuccess()) {
                            tls.failedHandshake(DoorKind.GRPC);
                        }
                    });
            ctx.pipeline().remove(this);
        }
    }
}
