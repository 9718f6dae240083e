package leat.stream.collector.listen;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The port of a door that Netty serves, its event loops, and how many connections are open.
///
/// It ends in two steps, between which the door lets its connections end: [#stop] takes no more of
/// them, [#close] ends the loops and whatever is open on them.
public final class Listener implements AutoCloseable {

    private final Place place;
    private final EventLoopGroup loops;
    private final AtomicInteger open = new AtomicInteger();
    private volatile @Nullable Channel bound;
    private volatile boolean stopping;

    /// Where a door is.
    ///
    /// @param door its name in the configuration, as `http` in `collector.http.port`
    /// @param port 0 takes a free one
    /// @param maxConnections open at once; one beyond is closed at once
    public record Place(String door, String host, int port, int maxConnections) {}

    /// Makes the event loops, one a processor; nothing is listened on yet.
    public Listener(Place place) {
        this.place = place;
        this.loops =
                new MultiThreadIoEventLoopGroup(
                        Runtime.getRuntime().availableProcessors(),
                        new DefaultThreadFactory("collector-" + place.door()),
                        Epoll.isAvailable()
                                ? EpollIoHandler.newFactory()
                                : NioIoHandler.newFactory());
    }

    /// Runs a task on a connection's event loop: now where this is that loop, and never where the
    /// loop has ended, with the door and every connection of it.
    public static void onLoop(ChannelHandlerContext ctx, Runnable task) {
        if (ctx.executor().inEventLoop()) {
            task.run();
            return;
        }
        try {
            ctx.executor().execute(task);
        } catch (RejectedExecutionException _) {
            // As above.
        }
    }

    /// Listens, once.
    ///
    /// @param options of the door: its backlog, and what its connections are like
    /// @param welcome furnishes a connection that is let in, on its event loop
    /// @param refused told of each connection beyond the limit
    /// @throws PortTaken when the port is not free; the loops are ended then
    public void listen(ServerBootstrap options, Consumer<SocketChannel> welcome, Runnable refused) {
        ChannelFuture binding =
                options.group(loops)
                        .channel(
                                Epoll.isAvailable()
                                        ? EpollServerSocketChannel.class
                                        : NioServerSocketChannel.class)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childHandler(new Admission(welcome, refused))
                        .bind(place.host(), place.port())
                        .awaitUninterruptibly();
        if (!binding.isSuccess()) {
            close();
            throw new PortTaken(place.door(), place.host(), place.port(), binding.cause());
        }
        bound = binding.channel();
    }

    private final class Admission extends ChannelInitializer<SocketChannel> {

        private final Consumer<SocketChannel> welcome;
        private final Runnable refused;

        Admission(Consumer<SocketChannel> welcome, Runnable refused) {
            this.welcome = welcome;
            this.refused = refused;
        }

        @Override
        @SuppressWarnings("FutureReturnValueIgnored") // closing a new connection
        protected void initChannel(SocketChannel channel) {
            if (open.incrementAndGet() > place.maxConnections() || stopping) {
                open.decrementAndGet();
                refused.run();
                channel.close();
                return;
            }
            channel.closeFuture().addListener(_ -> open.decrementAndGet());
            welcome.accept(channel);
        }
    }

    public EventLoopGroup loops() {
        return loops;
    }

    /// How many connections are open.
    public int open() {
        return open.get();
    }

    /// The port that is listened on.
    public int port() {
        return ((InetSocketAddress) bound().localAddress()).getPort();
    }

    /// Takes no more connections.
    public void stop() {
        stopping = true;
        bound().close().awaitUninterruptibly();
    }

    private Channel bound() {
        return Objects.requireNonNull(bound, "nothing is listened on");
    }

    /// Ends the loops, and with them the connections that are left.
    @Override
    public void close() {
        loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
