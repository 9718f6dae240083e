package leat.stream.collector;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.stream.collector.http.HttpDoor;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// A collector with its HTTP door on a free port, before the shared broker.
public final class CollectorFixture implements AutoCloseable {

    public static final Contract CARS =
            TestContracts.contract("car-telemetry", "1.2.0", List.of("car.id", "seq"), "car.id");
    public static final Contract CARS_NEXT =
            TestContracts.contract("car-telemetry", "2.0.0", List.of("id"), "id");
    public static final Contract CLICKS = TestContracts.contract("clicks", "1.0.0", List.of(), "");

    private final LogConnection log;
    private final Names names;
    private final EventIntake intake;
    private final HttpDoor door;
    private final PrometheusRegistry registry = new PrometheusRegistry();

    private CollectorFixture(LogConnection log, Names names, CollectorSettings settings) {
        this.log = log;
        this.names = names;
        this.intake =
                EventIntake.open(
                        new EventIntake.Parts(
                                log, names, List.of(CARS, CARS_NEXT, CLICKS), registry),
                        settings);
        this.door = HttpDoor.open(intake, settings, registry);
    }

    public static CollectorFixture open(CollectorSettings settings) {
        Names names = SharedKafka.freshNames();
        SharedKafka.create(topics(names));
        return new CollectorFixture(SharedKafka.connection(), names, settings);
    }

    /// A collector before a broker of the test's own, whose topics exist.
    public static CollectorFixture open(
            LogConnection log, Names names, CollectorSettings settings) {
        return new CollectorFixture(log, names, settings);
    }

    public static List<TopicSpec> topics(Names names) {
        return Stream.of(CARS, CARS_NEXT, CLICKS)
                .flatMap(contract -> TopicSpec.of(names, contract).stream())
                .toList();
    }

    /// Small limits, a free port, and a broker that may be slow, as it is beside other tests.
    public static CollectorSettings settings() {
        CollectorSettings defaults = CollectorSettings.defaults();
        return new CollectorSettings(
                new HttpSettings(
                        "127.0.0.1",
                        0,
                        1000,
                        16,
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10)),
                patient(defaults.limits()),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10));
    }

    private static Limits patient(Limits limits) {
        return new Limits(
                limits.eventSize(),
                limits.requestSize(),
                limits.requestEvents(),
                limits.inFlightSize(),
                limits.inFlightRequests(),
                Duration.ofMinutes(1));
    }

    public HttpDoor door() {
        return door;
    }

    public EventIntake intake() {
        return intake;
    }

    public int port() {
        return door.port();
    }

    public PrometheusRegistry registry() {
        return registry;
    }

    public List<ConsumerRecord<byte[], byte[]>> raw(Contract contract) {
        return records(log, names.raw(contract));
    }

    public List<ConsumerRecord<byte[], byte[]>> dead(Contract contract) {
        return records(log, names.dead(contract, Names.DeadStage.COLLECTOR));
    }

    /// All records of a topic up to its present end.
    public static List<ConsumerRecord<byte[], byte[]>> records(LogConnection log, String topic) {
        try (Consumer<byte[], byte[]> consumer = log.reader("test", Map.of())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic).stream()
                            .map(info -> new TopicPartition(topic, info.partition()))
                            .toList();
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (partitions.stream()
                    .anyMatch(partition ->
                            consumer.position(partition) < ends.getOrDefault(partition, 0L))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    @Override
    public void close() {
        door.close();
        intake.close();
    }
}
