package leat.stream.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import leat.core.event.Names;
import leat.core.registry.ContractRegistry;
import leat.core.registry.RegisteredVersion;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.SmallTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The registry, followed: each look reads what was written since the one before. For many threads.
public final class RegistryView implements AutoCloseable {

    private final SmallTopic topic;
    private final ReentrantLock lock = new ReentrantLock();
    private ContractRegistry registry = ContractRegistry.EMPTY;

    /// The topic has to be there.
    public RegistryView(LogConnection log, Names names) {
        this.topic = SmallTopic.open(log, "leat-registry", names.contracts());
    }

    /// The registry with everything that was committed before the call.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    public ContractRegistry current() {
        lock.lock();
        try {
            topic.readOn(records -> {
                List<RegisteredVersion> events = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    events.add(RegistryJson.read(record.topic(), record.offset(), record.value()));
                }
                registry = registry.applyAll(events);
            });
            return registry;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            topic.close();
        } finally {
            lock.unlock();
        }
    }
}
