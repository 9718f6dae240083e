package leat.stream.registry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import leat.core.event.Names;
import leat.core.registry.ContractRegistry;
import leat.core.registry.RegisteredVersion;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// The registry, followed: each look reads what was written since the one before. For many threads.
public final class RegistryView implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final TopicPartition partition;
    private final Consumer<byte[], byte[]> consumer;
    private final ReentrantLock lock = new ReentrantLock();
    private ContractRegistry registry = ContractRegistry.EMPTY;

    /// The topic has to be there.
    public RegistryView(LogConnection log, Names names) {
        this.partition = new TopicPartition(names.contracts(), 0);
        this.consumer = log.reader("leat-registry", Map.of());
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
    }

    /// The registry with everything that was committed before the call.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    public ContractRegistry current() {
        lock.lock();
        try {
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (consumer.position(partition) < end) {
                if (System.nanoTime() > deadline) {
                    throw new LogUnavailable(
                            partition.topic()
                                    + " could not be read within "
                                    + PATIENCE.toSeconds()
                                    + " s",
                            null);
                }
                List<RegisteredVersion> events = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(RegistryTopic.POLL)) {
                    events.add(
                            RegistryJson.read(partition.topic(), record.offset(), record.value()));
                }
                registry = registry.applyAll(events);
            }
            return registry;
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + partition.topic(), e);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            consumer.close();
        } finally {
            lock.unlock();
        }
    }
}
