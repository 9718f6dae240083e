package leat.launcher;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.launcher.config.Workspace;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.AccessMetrics;
import leat.stream.collector.access.AccessSettings;
import leat.stream.collector.access.WatchedKeys;
import leat.stream.collector.tls.TlsMetrics;
import leat.stream.collector.tls.WatchedTls;
import leat.stream.tls.TlsSettings;
import leat.stream.tls.TlsUnusable;
import org.jspecify.annotations.Nullable;

/// Keys and certificates of this process's servers, read at their first use and then followed.
final class ServerGuard {

    private final Workspace workspace;
    private final RunningParts parts;
    private final Map<Role, WatchedTls> followed = new EnumMap<>(Role.class);
    private @Nullable Access keys;
    private @Nullable TlsMetrics tlsMetrics;

    ServerGuard(Workspace workspace, RunningParts parts) {
        this.workspace = workspace;
        this.parts = parts;
    }

    /// What encrypts the collector's doors; empty where nothing does.
    Optional<WatchedTls> collectorTls() {
        return workspace.config().collector().tls().map(settings -> tls(Role.COLLECTOR, settings));
    }

    /// Who is let in; the keys are read at the first use and then followed, for all that asks for
    /// them.
    Access access(AccessSettings.Mode mode) {
        return switch (mode) {
            case OFF -> Access.OPEN;
            case KEYS -> {
                @Nullable Access known = keys;
                if (known == null) {
                    WatchedKeys watched = workspaceKeys();
                    parts.add(watched);
                    known = watched.access();
                    keys = known;
                }
                yield known;
            }
        };
    }

    /// What encrypts the console; empty where nothing does.
    Optional<SSLContext> consoleTls() {
        return workspace
                .config()
                .console()
                .tls()
                .map(settings -> tls(Role.CONSOLE, settings).lastingContext());
    }

    /// The certificates of a server of this process, followed until it ends.
    private WatchedTls tls(Role server, TlsSettings settings) {
        @Nullable WatchedTls known = followed.get(server);
        if (known != null) {
            return known;
        }
        @Nullable TlsMetrics metrics = tlsMetrics;
        if (metrics == null) {
            metrics = new TlsMetrics(PrometheusRegistry.defaultRegistry);
            tlsMetrics = metrics;
        }
        try {
            WatchedTls watched =
                    WatchedTls.open(server.word(), settings.within(workspace.folder()), metrics);
            followed.put(server, watched);
            return parts.add(watched);
        } catch (TlsUnusable e) {
            throw new UserError(String.valueOf(e.getMessage()), e.remedy());
        }
    }

    private WatchedKeys workspaceKeys() {
        Path file = workspace.keysFile();
        if (!Files.exists(file)) {
            throw new UserError(
                    "the file of keys " + file + " is not there, so nobody could come in",
                    "make a first key with leat keys create NAME --contract '*', or correct"
                            + " collector.access.keys-file");
        }
        return WatchedKeys.open(file, new AccessMetrics(PrometheusRegistry.defaultRegistry));
    }
}
