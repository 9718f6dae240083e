package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import leat.core.artifact.ArtifactPath;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.model.ModelReference;
import leat.core.model.RegisteredModelCommand;
import leat.core.model.VersionCommand;
import leat.core.prediction.Scoring;
import leat.core.prediction.Term;
import leat.ml.featurestore.FeatureKafka;
import leat.ml.registry.ArtifactLog;
import leat.ml.registry.ModelsInLog;
import leat.ml.registry.Promotions;
import leat.ml.registry.RegistryLog;
import leat.ml.registry.RegistryTopics;
import leat.ml.scoring.LinearModel;
import leat.ml.scoring.WeightsPublishing;
import leat.ml.tracking.TrackingLog;
import leat.stream.log.EventHeader;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// The log of a scoring of [Risk]: registers models, moves aliases, writes vectors, reads what
/// became of them. Version `n` of the model adds `1000n`.
final class RiskLog implements AutoCloseable {

    static final double STEP = 1_000;

    /// Of the events, which there are none of.
    private static final TopicId EVENTS = new TopicId("AAAAAAAAAAAAAAAAAAAAAQ");

    final LogConnection connection = FeatureKafka.connection();
    final Names names;
    final String keys;
    final Scoring scoring;
    private final RegistryLog registry;
    private final Producer<byte[], byte[]> producer;
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicBoolean feeding = new AtomicBoolean();
    private final List<Thread> feeds = new ArrayList<>();
    private final Consumer<byte[], byte[]> counting;
    private final AppendTimes counted = new AppendTimes(Risk.PARTITIONS);

    /// @param keys more of them of the scoring
    RiskLog(String keys) {
        this.names = FeatureKafka.freshNames();
        this.keys = keys;
        this.scoring = Risk.scoring(keys);
        List<TopicSpec> specs = new ArrayList<>(new RegistryTopics(names).specs());
        specs.addAll(TrackingLog.topics(names));
        scoring.views()
                .forEach(view ->
                        specs.addAll(TopicSpec.ofView(names, view.source(), view.contract())));
        specs.addAll(new ScorerTopics(names).specs(List.of(scoring)));
        try (Admin admin = connection.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(specs));
        }
        this.registry = new RegistryLog(connection, names, InstantSource.system());
        registry.write(new RegisteredModelCommand.Create("m", "risk", "", Map.of()));
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                connection.bootstrapServers(),
                                ProducerConfig.LINGER_MS_CONFIG,
                                5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        this.counting = connection.reader("counting", Map.of());
        List<TopicPartition> all =
                partitions(names.predictions(scoring.contract()), Risk.PARTITIONS);
        counting.assign(all);
        counting.seekToBeginning(all);
    }

    private static List<TopicPartition> partitions(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    String vectors() {
        return names.vectors(scoring.view().contract());
    }

    String predictions() {
        return names.predictions(scoring.contract());
    }

    /// Registers the next version.
    void version(int number, Path folder) {
        version(number, folder, "model.onnx", LinearModel.adding((float) (STEP * number)));
    }

    /// Registers the next version, of a file of its own.
    void version(int number, Path folder, String name, byte[] file) {
        try (ArtifactLog artifacts =
                new ArtifactLog(connection, names, folder, InstantSource.system())) {
            artifacts.put(
                    new ArtifactPath("0/r" + number + "/artifacts/model/" + name),
                    new ByteArrayInputStream(file));
        }
        registry.write(
                new VersionCommand.Create(
                        "v" + number,
                        "risk",
                        "mlflow-artifacts:/0/r" + number + "/artifacts/model",
                        "",
                        "",
                        "",
                        "",
                        Map.of()));
    }

    /// Publishes weights alone as the next version, and has the champion's alias point to it.
    ///
    /// @param base of [LinearModel#weighted]
    void weights(int number, int base, Path folder) throws IOException {
        Path file = folder.resolve("weights-" + number + ".safetensors");
        Files.write(file, LinearModel.weightsAdding((float) (STEP * number)));
        try (ModelsInLog models = new ModelsInLog(connection, names);
                ArtifactLog artifacts =
                        new ArtifactLog(connection, names, folder, InstantSource.system())) {
            WeightsPublishing.Published published =
                    new WeightsPublishing(registry, artifacts, models)
                            .publish(
                                    new WeightsPublishing.Order(
                                            new ModelReference.Numbered("risk", base),
                                            file,
                                            Optional.of("champion"),
                                            new Promotions.Will(false, ""),
                                            ""));
            if (published.version().info().number() != number) {
                throw new AssertionError(published);
            }
        }
    }

    void alias(String alias, int number) {
        registry.write(new RegisteredModelCommand.SetAlias("risk", alias, number));
    }

    /// The `a` of a vector is its number. Of a set, those of the other view come behind.
    void write(int vectors) {
        int from = written.getAndAdd(vectors);
        for (int number = from; number < from + vectors; number++) {
            send(vectors(), "driving.v1", number, "\"a\":" + (number % 1_000) + ".0,\"b\":0.0");
        }
        if (!scoring.beside().isEmpty()) {
            for (int number = from; number < from + vectors; number++) {
                force(number);
            }
        }
        producer.flush();
    }

    /// Writes the vectors of some events without those of the other view.
    void writeAlone(int vectors) {
        int from = written.getAndAdd(vectors);
        for (int number = from; number < from + vectors; number++) {
            send(vectors(), "driving.v1", number, "\"a\":" + (number % 1_000) + ".0");
        }
        producer.flush();
    }

    /// Writes the vector of the other view of an event.
    void force(int number) {
        String topic = names.vectors(scoring.beside().getFirst().contract());
        send(topic, "strain.v1", number, "\"force\":" + (number % 10) + ".0");
    }

    void flush() {
        producer.flush();
    }

    private void send(String topic, String view, int number, String features) {
        String car = "car-" + (number % 97);
        int partition = number % 97 % Risk.PARTITIONS;
        String value =
                "{\"entity\":\""
                        + car
                        + "\",\"query_time\":\"2026-01-01T00:00:00.000001Z\","
                        + features
                        + "}";
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, partition, car.getBytes(UTF_8), value.getBytes(UTF_8));
        EventHeader.add(record.headers(), EventHeaders.VIEW, view);
        EventHeader.add(
                record.headers(),
                EventHeaders.POSITION,
                new Position(EVENTS, partition, number).toString());
        Future<RecordMetadata> _ = producer.send(record);
    }

    /// Writes at about this rate until [#endFeed].
    void feed(int perSecond) {
        feeding.set(true);
        feeds.add(
                Thread.ofPlatform()
                        .start(() -> {
                            long begun = System.nanoTime();
                            long sent = 0;
                            while (feeding.get()) {
                                double seconds = (System.nanoTime() - begun) / 1e9;
                                int due = (int) (seconds * perSecond - sent);
                                write(Math.max(due, 0));
                                sent += Math.max(due, 0);
                                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                            }
                        }));
    }

    void endFeed() {
        feeding.set(false);
        try {
            for (Thread feed : feeds) {
                feed.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    int written() {
        return written.get();
    }

    /// What is committed, by partition, each in its order.
    List<List<ConsumerRecord<byte[], byte[]>>> committed(String topic, int partitions) {
        return IntStream.range(0, partitions)
                .mapToObj(partition -> committedOf(topic, partition))
                .toList();
    }

    /// What is committed of one partition, in its order.
    List<ConsumerRecord<byte[], byte[]>> committedOf(String topic, int partition) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = connection.reader("test", Map.of())) {
            TopicPartition one = new TopicPartition(topic, partition);
            consumer.assign(List.of(one));
            consumer.seekToBeginning(List.of(one));
            long end = consumer.endOffsets(List.of(one)).getOrDefault(one, 0L);
            while (consumer.position(one) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }

    /// How many predictions are committed; each call reads on where the last one ended.
    int predicted() {
        Map<TopicPartition, Long> ends = counting.endOffsets(counting.assignment());
        while (ends.entrySet().stream()
                .anyMatch(end -> counting.position(end.getKey()) < end.getValue())) {
            counting.poll(Duration.ofMillis(100)).forEach(counted::add);
        }
        return counted.size();
    }

    /// When those were appended that [#predicted] counts.
    AppendTimes predictedAt() {
        return counted;
    }

    List<Term> terms() {
        return committed(names.scoring(), 1).getFirst().stream()
                .map(record -> new TermRecords(names.scoring()).read(record).orElseThrow())
                .toList();
    }

    @Override
    public void close() {
        endFeed();
        producer.close();
        counting.close();
        registry.close();
    }
}
