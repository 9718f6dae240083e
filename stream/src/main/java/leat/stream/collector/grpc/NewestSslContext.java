package leat.stream.collector.grpc;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.buffer.ByteBufAllocator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSessionContext;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.tls.ServerTls;

/// TLS for a gRPC server, which is given one context for good: each connection begins by the newest
/// reading of the files.
///
/// Each reading has a context of its own. A manager that only changes whom it believes would go on
/// to name the former authorities to clients, which choose their certificate by that, and to take
/// up sessions of clients whom an earlier reading believed.
final class NewestSslContext extends SslContext {

    private final WatchedTls files;
    private ServerTls reading;
    private SslContext context;

    NewestSslContext(WatchedTls files) {
        this.files = files;
        this.reading = files.current();
        this.context = context(reading);
    }

    private synchronized SslContext newest() {
        ServerTls now = files.current();
        if (!now.equals(reading)) {
            context = context(now);
            reading = now;
        }
        return context;
    }

    private static SslContext context(ServerTls reading) {
        SslContextBuilder builder =
                SslContextBuilder.forServer(reading.keyManager()).protocols(ServerTls.PROTOCOLS);
        if (reading.asksClients()) {
            builder.trustManager(reading.clientAuthorities())
                    .clientAuth(
                            reading.requiresClientCertificates()
                                    ? ClientAuth.REQUIRE
                                    : ClientAuth.OPTIONAL);
        }
        try {
            return GrpcSslContexts.configure(builder).build();
        } catch (SSLException e) {
            throw new IllegalStateException("gRPC refuses what was read and checked", e);
        }
    }

    @Override
    public boolean isClient() {
        return false;
    }

    @Override
    public List<String> cipherSuites() {
        return newest().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // for who makes one, and it must be handed on
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return newest().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator memory) {
        return newest().newEngine(memory);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator memory, String peerHost, int peerPort) {
        return newest().newEngine(memory, peerHost, peerPort);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return newest().sessionContext();
    }
}
