package leat.stream.collector.tls;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.AttributeKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.DoorKind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// TLS at a door that Netty serves: each connection begins with a handshake by the certificate of
/// that moment, and what the client showed in it can be asked for afterwards.
public final class DoorTls {

    private static final Logger LOG = LoggerFactory.getLogger(DoorTls.class);
    private static final AttributeKey<Credentials> SHOWN =
            AttributeKey.valueOf(DoorTls.class, "shown");

    private final WatchedTls files;

    /// @param files closed by who has opened them, after the doors
    public DoorTls(WatchedTls files) {
        this.files = files;
    }

    /// The files, for a door that Netty does not serve.
    public WatchedTls files() {
        return files;
    }

    /// A connection to a door that Netty does not serve has ended before it was encrypted.
    public void failedHandshake(DoorKind door) {
        files.metrics().failedHandshake(door);
    }

    /// Makes a new connection begin with a handshake; to be called before any other handler is
    /// added.
    public void addTo(Channel channel, DoorKind door) {
        SslHandler handler = new SslHandler(files.current().newEngine());
        channel.pipeline().addLast(handler, new Handshake(door));
    }

    /// The certificate that the connection's client has shown; [Credentials.None] where it has
    /// none, or there is no TLS.
    public static Credentials credentials(Channel channel) {
        Credentials shown = channel.attr(SHOWN).get();
        return shown == null ? new Credentials.None() : shown;
    }

    /// Keeps what the handshake gave, and the failures of encryption away from the door, which
    /// could only log them: scanners and clients without a certificate are no news.
    private final class Handshake extends ChannelInboundHandlerAdapter {

        private final DoorKind door;

        Handshake(DoorKind door) {
            this.door = door;
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake) {
                if (handshake.isSuccess()) {
                    SSLSession session = ctx.pipeline().get(SslHandler.class).engine().getSession();
                    ctx.channel().attr(SHOWN).set(credentials(session));
                } else {
                    failedHandshake(door);
                }
            }
            ctx.fireUserEventTriggered(event);
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // it is broken already
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            boolean wrapped =
                    cause instanceof DecoderException && cause.getCause() instanceof SSLException;
            if (wrapped || cause instanceof SSLException) {
                LOG.atDebug()
                        .setCause(cause)
                        .addKeyValue("door", door.word())
                        .log("A connection's encryption failed");
                ctx.close();
            } else {
                ctx.fireExceptionCaught(cause);
            }
        }
    }

    /// The certificate that a client has shown in a session; [Credentials.None] where it has none.
    public static Credentials credentials(SSLSession session) {
        try {
            Certificate[] certificates = session.getPeerCertificates();
            return Credentials.Certificate.of((X509Certificate) certificates[0]);
        } catch (SSLPeerUnverifiedException _) {
            return new Credentials.None();
        }
    }
}
