package leat.stream.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.event.Names;
import leat.core.file.Folders;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/// The one broker of a test run, started by the first test that asks for it and stopped with the
/// JVM. Each test takes [#freshNames], so that no two tests share a topic, group or id.
public final class SharedKafka {

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private SharedKafka() {}

    private static final class Holder {
        static final EmbeddedKafka BROKER = start();

        private static EmbeddedKafka start() {
            try {
                Path folder = Files.createTempDirectory("leat-kafka");
                EmbeddedKafka broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, 0));
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> {
                                    broker.close();
                                    delete(folder);
                                }));
                return broker;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /// `host:port` of the broker, for child processes too.
    public static String bootstrapServers() {
        return Holder.BROKER.bootstrapServers();
    }

    public static LogConnection connection() {
        return new LogConnection(bootstrapServers());
    }

    /// For a process that is to be killed, and its successor, which with the same connection takes
    /// the dead one's place at once. The broker would give any other its partitions only after six
    /// seconds.
    public static LogConnection mortal(String bootstrapServers) {
        return new LogConnection(
                bootstrapServers, Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "mortal"));
    }

    /// Names under a prefix that no other test of this run has.
    public static Names freshNames() {
        return new Names("test-" + PREFIXES.incrementAndGet());
    }

    /// Makes the topics and returns when they can be written.
    public static void create(List<TopicSpec> specs) {
        try (Admin admin = connection().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(specs));
        }
    }

    private static void delete(Path folder) {
        try {
            Folders.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
