package leat.ml.featurestore;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Cache;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// Bounds the memory of all RocksDB stores of a process together: blocks, indices and what is not
/// on disk yet come from one budget. Kafka Streams makes an instance a store, by reflection.
public final class BoundedRocksDb implements RocksDBConfigSetter {

    /// The key of the budget among the properties of Kafka Streams, a [Long].
    static final String MEMORY_BYTES = "leat.rocksdb.memory.bytes";

    private static final long WRITE_BUFFER_BYTES = 8 << 20;
    private static final int WRITE_BUFFERS = 2;

    private static @Nullable Budget budget;

    /// Lives as long as the process.
    private record Budget(Cache blocks, WriteBufferManager writes) {}

    private static synchronized Budget budget(long bytes) {
        Budget made = budget;
        if (made == null) {
            RocksDB.loadLibrary();
            Cache blocks = new LRUCache(bytes);
            made = new Budget(blocks, new WriteBufferManager(bytes / 2, blocks));
            budget = made;
        }
        return made;
    }

    @Override
    public void setConfig(String store, Options options, Map<String, Object> config) {
        if (!(config.get(MEMORY_BYTES) instanceof Long bytes)) {
            throw new IllegalStateException(MEMORY_BYTES + " is not set");
        }
        Budget shared = budget(bytes);
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(shared.blocks());
        table.setCacheIndexAndFilterBlocks(true);
        table.setCacheIndexAndFilterBlocksWithHighPriority(true);
        table.setPinTopLevelIndexAndFilter(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferManager(shared.writes());
        options.setWriteBufferSize(WRITE_BUFFER_BYTES);
        options.setMaxWriteBufferNumber(WRITE_BUFFERS);
    }

    @Override
    public void close(String store, Options options) {
        // The budget is shared.
    }
}
