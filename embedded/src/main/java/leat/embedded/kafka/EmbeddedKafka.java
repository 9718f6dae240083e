package leat.embedded.kafka;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import leat.embedded.FreePorts;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.DynamicVoters;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;

/// One Kafka node, broker and controller in one, that keeps its data in a folder between runs.
///
/// It survives kill -9 of the process, not loss of power: records are acknowledged from the page
/// cache unless [Settings#fsyncEveryRecord] is set.
public final class EmbeddedKafka implements AutoCloseable {

    private static final int NODE_ID = 1;
    private static final String CONTROLLER_PORT_FILE = "controller.port";
    private static final String LOG = "log";

    /// Kafka makes it last, and takes it away when it starts.
    private static final String CLEAN_SHUTDOWN_FILE = ".kafka_cleanshutdown";

    /// A range without the ports of the platform, most of which are opened after the broker's.
    private static final int LEAST_CONTROLLER_PORT = 10_000;

    private static final int CONTROLLER_PORTS_END = 11_800;

    /// After kill -9 the new broker waits until the session of the dead one ends: it is back after
    /// 4 seconds instead of 12.
    private static final int SHORT_SESSION_MILLIS = 1_500;

    /// Kafka's own. A broker that comes late on a busy machine loses a shorter one, and with it the
    /// lead of all partitions for a while.
    private static final int SESSION_MILLIS = 9_000;

    private static final int HEARTBEATS_A_SESSION = 5;

    private final KafkaRaftServer server;
    private final String bootstrapServers;

    private EmbeddedKafka(KafkaRaftServer server, String bootstrapServers) {
        this.server = server;
        this.bootstrapServers = bootstrapServers;
    }

    /// How the broker is to run.
    ///
    /// @param folder its data; made and formatted when it is empty
    /// @param port the loopback port for clients; 0 takes a free one
    /// @param fsyncEveryRecord flush to disk before every acknowledgement: survives loss of power,
    ///   slower
    /// @param overrides broker properties that win over ours
    public record Settings(
            Path folder, int port, boolean fsyncEveryRecord, Map<String, String> overrides) {
        public Settings {
            overrides = Map.copyOf(overrides);
        }

        public Settings(Path folder, int port) {
            this(folder, port, false, Map.of());
        }
    }

    /// Starts the broker and returns when it accepts clients.
    ///
    /// @throws UncheckedIOException when the folder cannot be used
    public static EmbeddedKafka start(Settings settings) {
        try {
            Files.createDirectories(settings.folder());
            int clientPort = settings.port() == 0 ? FreePorts.one() : settings.port();
            int controllerPort = controllerPort(settings.folder());
            int session =
                    wasKilled(settings.folder().resolve(LOG))
                            ? SHORT_SESSION_MILLIS
                            : SESSION_MILLIS;
            format(settings.folder(), controllerPort);
            KafkaRaftServer server =
                    new KafkaRaftServer(
                            new KafkaConfig(
                                    properties(settings, clientPort, controllerPort, session),
                                    false),
                            Time.SYSTEM);
            server.startup();
            return new EmbeddedKafka(server, "127.0.0.1:" + clientPort);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + settings.folder(), e);
        }
    }

    /// `host:port` for clients.
    public String bootstrapServers() {
        return bootstrapServers;
    }

    /// Stops the broker in order; open segments are closed cleanly.
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static boolean isFormatted(Path log) {
        return Files.exists(log.resolve("meta.properties"));
    }

    /// Whether a broker had this folder that did not end in order.
    private static boolean wasKilled(Path log) {
        return isFormatted(log) && !Files.exists(log.resolve(CLEAN_SHUTDOWN_FILE));
    }

    private static void format(Path folder, int controllerPort) throws IOException {
        Path log = folder.resolve(LOG);
        if (isFormatted(log)) {
            return;
        }
        Formatter formatter = new Formatter();
        formatter.setClusterId(Uuid.randomUuid().toString());
        formatter.setNodeId(NODE_ID);
        formatter.setDirectories(List.of(log.toString()));
        formatter.setMetadataLogDirectory(log.toString());
        formatter.setControllerListenerName("CONTROLLER");
        formatter.setSupportedFeatures(Feature.PRODUCTION_FEATURES);
        formatter.setReleaseVersion(MetadataVersion.latestProduction());
        formatter.setInitialControllers(
                DynamicVoters.parse(
                        NODE_ID + "@127.0.0.1:" + controllerPort + ":" + Uuid.randomUuid()));
        formatter.setHasDynamicQuorum(true);
        formatter.setIgnoreFormatted(true);
        formatter.setPrintStream(new PrintStream(OutputStream.nullOutputStream()));
        try {
            formatter.run();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("cannot format " + log, e);
        }
    }

    /// The controller's port is part of the formatted quorum, so it is chosen once and kept, in a
    /// file that is whole whenever it is there.
    private static int controllerPort(Path folder) throws IOException {
        Path file = folder.resolve(CONTROLLER_PORT_FILE);
        if (Files.exists(file)) {
            return Integer.parseInt(Files.readString(file).strip());
        }
        int port = FreePorts.one(LEAST_CONTROLLER_PORT, CONTROLLER_PORTS_END);
        Path whole = folder.resolve(CONTROLLER_PORT_FILE + ".new");
        Files.writeString(whole, Integer.toString(port));
        Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        return port;
    }

    private static Properties properties(
            Settings settings, int clientPort, int controllerPort, int sessionMillis) {
        Map<String, String> values = new TreeMap<>();
        values.put("process.roles", "broker,controller");
        values.put("node.id", Integer.toString(NODE_ID));
        values.put("log.dirs", settings.folder().resolve(LOG).toString());
        values.put(
                "listeners",
                "CLIENT://127.0.0.1:" + clientPort + ",CONTROLLER://127.0.0.1:" + controllerPort);
        values.put("advertised.listeners", "CLIENT://127.0.0.1:" + clientPort);
        values.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        values.put("inter.broker.listener.name", "CLIENT");
        values.put("controller.listener.names", "CONTROLLER");
        values.put("controller.quorum.bootstrap.servers", "127.0.0.1:" + controllerPort);
        values.put("offsets.topic.replication.factor", "1");
        values.put("transaction.state.log.replication.factor", "1");
        values.put("transaction.state.log.min.isr", "1");
        values.put("share.coordinator.state.topic.replication.factor", "1");
        values.put("share.coordinator.state.topic.min.isr", "1");
        values.put("offsets.topic.num.partitions", "4");
        values.put("transaction.state.log.num.partitions", "4");
        values.put("share.coordinator.state.topic.num.partitions", "4");
        values.put("log.cleaner.dedupe.buffer.size", "8388608");
        // So long a new group waits for its other members, those of one process above all, before
        // it gives the first one all partitions.
        values.put("group.initial.rebalance.delay.ms", "100");
        values.put("auto.create.topics.enable", "false");
        values.put("message.max.bytes", "4194304");
        values.put("broker.session.timeout.ms", Integer.toString(sessionMillis));
        values.put(
                "broker.heartbeat.interval.ms",
                Integer.toString(sessionMillis / HEARTBEATS_A_SESSION));
        // The transaction of a killed process that nobody starts again holds its partitions until
        // it times out; look for such ones every second instead of every ten.
        values.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        if (settings.fsyncEveryRecord()) {
            values.put("log.flush.interval.messages", "1");
        }
        values.putAll(settings.overrides());
        Properties properties = new Properties();
        properties.putAll(values);
        return properties;
    }
}
