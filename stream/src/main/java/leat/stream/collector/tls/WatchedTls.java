package leat.stream.collector.tls;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import leat.stream.collector.access.FileWatch;
import leat.stream.tls.ServerTls;
import leat.stream.tls.TlsContexts;
import leat.stream.tls.TlsSettings;
import leat.stream.tls.TlsUnusable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The certificates of a server's files, followed as they change: new connections get the new ones.
/// Files that cannot be used leave them as they were and are told of in the log and by
/// `leat_tls_files_sound`.
public final class WatchedTls implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedTls.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final String NOTHING = "";

    private final String server;
    private final TlsSettings settings;
    private final TlsMetrics metrics;
    private final InstantSource clock;
    private final List<Consumer<ServerTls>> followers = new CopyOnWriteArrayList<>();
    private volatile ServerTls current;
    private String lastFault = NOTHING;
    private final FileWatch watch;

    private WatchedTls(String server, TlsSettings settings, TlsMetrics metrics, Duration interval) {
        this.server = server;
        this.settings = settings;
        this.metrics = metrics;
        this.clock = InstantSource.system();
        this.current = read();
        metrics.inUse(server, current.identity().ends());
        this.watch = FileWatch.start(settings.files(), interval, this::reread);
    }

    /// Reads the files and follows them; a change counts within a second.
    ///
    /// @param server `collector` or `console`, whose key `tls` names the files
    /// @param settings with absolute paths
    /// @throws TlsUnusable when they cannot be used as they are now
    public static WatchedTls open(String server, TlsSettings settings, TlsMetrics metrics) {
        return open(server, settings, metrics, INTERVAL);
    }

    static WatchedTls open(
            String server, TlsSettings settings, TlsMetrics metrics, Duration interval) {
        WatchedTls tls = new WatchedTls(server, settings, metrics, interval);
        tls.tell("Speaking TLS");
        return tls;
    }

    /// The newest reading that could be used.
    public ServerTls current() {
        return current;
    }

    /// A context for a server that is given one once, and asks clients for no certificates: it
    /// shows the newest certificate to each new connection.
    public SSLContext lastingContext() {
        return TlsContexts.of(new CurrentKeys(this));
    }

    /// Calls `follower` with each later reading, for servers that keep what they were started with.
    public void follow(Consumer<ServerTls> follower) {
        followers.add(follower);
    }

    TlsMetrics metrics() {
        return metrics;
    }

    private ServerTls read() {
        return ServerTls.read(server + ".tls", settings, clock.instant());
    }

    private void reread() {
        ServerTls now;
        try {
            now = read();
        } catch (TlsUnusable e) {
            told(e);
            return;
        }
        lastFault = NOTHING;
        boolean same = now.equals(current);
        if (!same) {
            current = now;
        }
        metrics.inUse(server, current.identity().ends());
        if (!same) {
            followers.forEach(follower -> follower.accept(now));
            tell("The certificates have changed");
        }
    }

    private void told(TlsUnusable fault) {
        metrics.faulty(server);
        String text = String.valueOf(fault.getMessage());
        if (!text.equals(lastFault)) {
            lastFault = text;
            LOG.atError()
                    .addKeyValue("server", server)
                    .addKeyValue("problem", text)
                    .addKeyValue("remedy", fault.remedy())
                    .log("The files of certificates cannot be used, the old ones stay in use");
        }
    }

    private void tell(String message) {
        LOG.atInfo()
                .addKeyValue("server", server)
                .addKeyValue("certificate", settings.certificate())
                .addKeyValue("ends", current.identity().ends())
                .log(message);
    }

    @Override
    public void close() {
        watch.close();
    }
}
