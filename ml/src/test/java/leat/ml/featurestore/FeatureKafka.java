package leat.ml.featurestore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import leat.core.event.Names;
import leat.core.file.Folders;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;

/// The one broker of a test run, started by the first test that asks for it and stopped with the
/// JVM.
public final class FeatureKafka {

    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private FeatureKafka() {}

    private static final class Holder {
        static final EmbeddedKafka BROKER = start();

        private static EmbeddedKafka start() {
            try {
                Path folder = Files.createTempDirectory("leat-features-kafka");
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

    public static LogConnection connection() {
        return new LogConnection(Holder.BROKER.bootstrapServers());
    }

    /// Names under a prefix that no other test of this run has.
    public static Names freshNames() {
        return new Names("features-" + PREFIXES.incrementAndGet());
    }

    /// Makes all topics that views of one source need, and registers the views.
    static void prepare(Names names, FeatureFlow... flows) {
        prepare(
                names,
                Stream.of(flows)
                        .map(flow -> new ViewDefinition(flow, ""))
                        .toArray(ViewDefinition[]::new));
    }

    /// The same of views that are to be made again from their texts.
    static void prepare(Names names, ViewDefinition... views) {
        try (Admin admin = connection().admin()) {
            List<TopicSpec> specs = new ArrayList<>(TopicSpec.of(names, views[0].flow().source()));
            for (ViewDefinition view : views) {
                specs.addAll(view.flow().topics(names));
            }
            specs.add(FeatureRegistry.topic(names));
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(specs));
            new FeatureRegistry(connection(), names).claim(List.of(views));
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
