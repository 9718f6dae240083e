package leat.ml.featurestore;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.TaskId;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;
import org.jspecify.annotations.Nullable;

/// Has the processors of one topology save what they hold back, each time before Kafka Streams
/// commits. Streams calls nobody then, but it empties the caches above its stores, whatever the
/// commit is for: its interval, a rebalance, the end. So a processor that holds something back puts
/// a mark into a store that is nothing but such a cache, and what takes the mark out of it calls
/// the processor. A cache that is too small for the mark has it saved at once.
final class BeforeCommit {

    /// The store's name in the topology.
    static final String MARKS = "unsaved";

    private static final Bytes MARK = Bytes.wrap(new byte[] {1});
    private static final byte[] SET = {1};

    private final Map<TaskId, Runnable> saves = new ConcurrentHashMap<>();

    /// The store of marks; nothing of it goes to disk or to the log.
    StoreBuilder<KeyValueStore<Bytes, byte[]>> store() {
        return Stores.keyValueStoreBuilder(new Supplier(), Serdes.Bytes(), Serdes.ByteArray())
                .withCachingEnabled()
                .withLoggingDisabled();
    }

    /// Makes a processor known, in its `init`.
    ///
    /// @param save writes all that is held back, if there is anything, and may forward; also asked
    ///   after the processor was closed, where Streams gives up what was not committed
    void join(ProcessorContext<?, ?> context, Runnable save) {
        saves.put(context.taskId(), asNode(context, save));
    }

    /// Says that a processor holds something back since its last `save`.
    static void mark(KeyValueStore<Bytes, byte[]> marks) {
        marks.put(MARK, SET);
    }

    /// A mark was taken out: the processor has to save.
    void taken(TaskId task) {
        Runnable save = saves.get(task);
        if (save == null) {
            throw new IllegalStateException("there is no processor of the mark of " + task);
        }
        save.run();
    }

    /// Forwarding is for a node of the topology, and while caches are emptied it is nobody's turn.
    /// Streams' own caches forward in the same way.
    private static Runnable asNode(ProcessorContext<?, ?> context, Runnable save) {
        if (!(context instanceof InternalProcessorContext<?, ?> turns)) {
            return save;
        }
        ProcessorNode<?, ?, ?, ?> own = turns.currentNode();
        return () -> {
            ProcessorNode<?, ?, ?, ?> before = turns.currentNode();
            turns.setCurrentNode(own);
            try {
                save.run();
            } finally {
                turns.setCurrentNode(before);
            }
        };
    }

    private final class Supplier implements KeyValueBytesStoreSupplier {
        @Override
        public String name() {
            return MARKS;
        }

        @Override
        public KeyValueStore<Bytes, byte[]> get() {
            return new Marks();
        }

        @Override
        public String metricsScope() {
            return "in-memory";
        }
    }

    /// Takes what the cache lets go of.
    private final class Marks implements KeyValueStore<Bytes, byte[]> {

        private @Nullable TaskId task;
        private boolean open;

        @Override
        public String name() {
            return MARKS;
        }

        @Override
        public void init(StateStoreContext context, StateStore root) {
            task = context.taskId();
            context.register(root, (_, _) -> {});
            open = true;
        }

        @Override
        public void put(Bytes key, byte[] value) {
            if (task == null) {
                throw new IllegalStateException("not initialised");
            }
            taken(task);
        }

        @Override
        public void flush() {
            // It holds nothing.
        }

        @Override
        public void putAll(List<KeyValue<Bytes, byte[]>> entries) {
            entries.forEach(entry -> put(entry.key, entry.value));
        }

        @Override
        public byte @Nullable [] putIfAbsent(Bytes key, byte[] value) {
            put(key, value);
            return null;
        }

        @Override
        public byte @Nullable [] get(Bytes key) {
            return null;
        }

        @Override
        public byte @Nullable [] delete(Bytes key) {
            return null;
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
            throw new UnsupportedOperationException("marks are not read");
        }

        @Override
        public KeyValueIterator<Bytes, byte[]> all() {
            throw new UnsupportedOperationException("marks are not read");
        }

        @Override
        public long approximateNumEntries() {
            return 0;
        }

        @Override
        public boolean persistent() {
            return false;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            open = false;
        }
    }
}
