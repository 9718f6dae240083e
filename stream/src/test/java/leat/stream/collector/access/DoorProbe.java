package leat.stream.collector.access;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import leat.stream.collector.CollectorSettings;
import leat.stream.collector.EventIntake;
import leat.stream.collector.tls.DoorTls;

/// One kind of door as a client sees it, for [DoorAuthorizationIT]. A new door joins the matrix by
/// an adapter of this kind and a line in [DoorProbes].
public interface DoorProbe {

    DoorKind kind();

    /// Whether it says no beyond a quota; a protocol without such an answer takes later what is
    /// beyond.
    default boolean refusesBeyondQuota() {
        return true;
    }

    /// Opens a door of this kind on a free loopback port.
    ///
    /// @param tls empty for one that speaks no TLS
    Door open(
            EventIntake intake,
            CollectorSettings settings,
            Optional<DoorTls> tls,
            PrometheusRegistry registry);

    /// An open door.
    interface Door extends AutoCloseable {

        /// A client that shows `key`, where there is one. A door that refuses clients when they
        /// connect says so at each [Client#send].
        Client connect(Optional<String> key);

        /// The same over TLS.
        ///
        /// @throws IOException when there is no encrypted connection
        Client connect(SSLContext client, Optional<String> key) throws IOException;

        @Override
        void close();
    }

    /// A client that keeps its connection as long as the door does.
    interface Client extends AutoCloseable {

        /// Sends one event, `{"id":ID}`, and waits for what the door makes of it.
        ///
        /// @param contract a name as clients write it, `clicks`
        Outcome send(String contract, String id);

        @Override
        void close();
    }

    /// What protocols have in common.
    enum Outcome {
        /// Acknowledged: it is in the log.
        ACCEPTED,
        /// Nobody knows the client: 401, UNAUTHENTICATED, a CONNACK or a DISCONNECT of that kind.
        UNAUTHENTICATED,
        /// The client may not do this: 403, PERMISSION_DENIED, not authorized.
        FORBIDDEN,
        /// Told to come later, or held back: 429, RESOURCE_EXHAUSTED, quota exceeded.
        THROTTLED
    }
}
