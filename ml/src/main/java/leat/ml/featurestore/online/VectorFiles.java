package leat.ml.featurestore.online;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import leat.core.config.DataSize;
import leat.core.event.TopicId;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// Vectors on this process's disk, in RocksDB: one family of keys a topic, under the topic's name
/// and id, with the positions up to which it was read. A batch is written whole or not at all, so
/// that a family always holds what stands below its positions, whenever the process was killed.
///
/// Keys: `p` and the partition → the offset to go on at; `s` → when it was in step with the topic,
/// milliseconds; `v` and the entity → a [StoredVector].
final class VectorFiles implements AutoCloseable {

    private static final byte POSITION = 'p';
    private static final byte SYNCED = 's';
    private static final byte VECTOR = 'v';
    private static final char BETWEEN = ' ';
    private static final long WRITE_BUFFERS_BYTES = 32L << 20;
    private static final long WAL_BYTES = 64L << 20;
    private static final double FILTER_BITS = 10;

    static {
        RocksDB.loadLibrary();
    }

    private final DBOptions options;
    private final Cache cache;
    private final BloomFilter filter;
    private final ColumnFamilyOptions familyOptions;
    private final WriteOptions writeOptions = new WriteOptions();
    private final RocksDB db;
    private final Map<String, Family> families = new ConcurrentHashMap<>();
    private final List<ColumnFamilyHandle> handles =
            Collections.synchronizedList(new ArrayList<>());

    /// Natives must not be called once they are freed.
    private final ReentrantReadWriteLock life = new ReentrantReadWriteLock();

    private boolean closed;

    /// The keys of one topic.
    static final class Family {
        private final String name;
        private final ColumnFamilyHandle handle;

        private Family(String name, ColumnFamilyHandle handle) {
            this.name = name;
            this.handle = handle;
        }
    }

    private VectorFiles(Path folder, DataSize memory) throws RocksDBException {
        cache = new LRUCache(memory.bytes());
        filter = new BloomFilter(FILTER_BITS);
        familyOptions =
                new ColumnFamilyOptions()
                        .setTableFormatConfig(
                                new BlockBasedTableConfig()
                                        .setBlockCache(cache)
                                        .setFilterPolicy(filter)
                                        .setCacheIndexAndFilterBlocks(true)
                                        .setPinL0FilterAndIndexBlocksInCache(true))
                        .setCompressionType(CompressionType.LZ4_COMPRESSION);
        options =
                new DBOptions()
                        .setCreateIfMissing(true)
                        .setDbWriteBufferSize(WRITE_BUFFERS_BYTES)
                        .setMaxTotalWalSize(WAL_BYTES)
                        .setMaxOpenFiles(500)
                        .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                        .setKeepLogFileNum(2);
        List<ColumnFamilyDescriptor> found = new ArrayList<>();
        for (byte[] name : names(folder)) {
            found.add(new ColumnFamilyDescriptor(name, familyOptions));
        }
        db = RocksDB.open(options, folder.toString(), found, handles);
        for (ColumnFamilyHandle handle : List.copyOf(handles)) {
            String name = new String(handle.getName(), UTF_8);
            families.put(name, new Family(name, handle));
        }
        families.remove(new String(RocksDB.DEFAULT_COLUMN_FAMILY, UTF_8));
    }

    /// Opens the files of a folder, or makes them.
    ///
    /// @param memory for what is read often
    /// @throws OnlineUnavailable when another process has them, or they are unreadable
    static VectorFiles open(Path folder, DataSize memory) {
        try {
            Files.createDirectories(folder);
            return new VectorFiles(folder, memory);
        } catch (IOException | RocksDBException e) {
            throw new OnlineUnavailable(
                    "the online store in " + folder + " cannot be opened: " + e.getMessage(),
                    "end the other process that has it; if there is none, remove the folder: it is"
                            + " made again from the log",
                    e);
        }
    }

    private static List<byte[]> names(Path folder) throws RocksDBException {
        try (Options plain = new Options()) {
            List<byte[]> names = RocksDB.listColumnFamilies(plain, folder.toString());
            return names.isEmpty() ? List.of(RocksDB.DEFAULT_COLUMN_FAMILY) : names;
        }
    }

    /// The family of a topic, made where it is missing. Those of earlier topics of that name go.
    Family family(String topic, TopicId id) {
        String name = topic + BETWEEN + id;
        return living(() -> {
            for (Family other : List.copyOf(families.values())) {
                if (topic(other).equals(topic) && !other.name.equals(name)) {
                    drop(other);
                }
            }
            Family present = families.get(name);
            return present == null ? make(name) : present;
        });
    }

    /// The same, empty.
    Family renewed(Family family) {
        return living(() -> {
            drop(family);
            return make(family.name);
        });
    }

    /// Removes the families of all other topics.
    void keepOnly(Collection<String> topics) {
        living(() -> {
            for (Family family : List.copyOf(families.values())) {
                if (!topics.contains(topic(family))) {
                    drop(family);
                }
            }
            return true;
        });
    }

    private static String topic(Family family) {
        return family.name.substring(0, family.name.indexOf(BETWEEN));
    }

    private Family make(String name) throws RocksDBException {
        ColumnFamilyHandle handle =
                db.createColumnFamily(
                        new ColumnFamilyDescriptor(name.getBytes(UTF_8), familyOptions));
        handles.add(handle);
        Family family = new Family(name, handle);
        families.put(name, family);
        return family;
    }

    /// Its handle stays until the end: somebody may be reading.
    private void drop(Family family) throws RocksDBException {
        families.remove(family.name);
        db.dropColumnFamily(family.handle);
    }

    /// The offset to go on at; empty when nothing of the partition was read.
    OptionalLong position(Family family, int partition) {
        return number(family, positionKey(partition));
    }

    /// When the family was last known to be in step with its topic.
    Optional<Instant> synced(Family family) {
        OptionalLong millis = number(family, new byte[] {SYNCED});
        return millis.isPresent()
                ? Optional.of(Instant.ofEpochMilli(millis.getAsLong()))
                : Optional.empty();
    }

    private OptionalLong number(Family family, byte[] key) {
        byte[] value = living(() -> Optional.ofNullable(db.get(family.handle, key))).orElse(null);
        return value == null
                ? OptionalLong.empty()
                : OptionalLong.of(ByteBuffer.wrap(value).getLong());
    }

    /// One vector an entity, in their order.
    List<Optional<StoredVector>> vectors(Family family, List<String> entities) {
        if (entities.size() == 1) {
            byte[] key = vectorKey(entities.getFirst().getBytes(UTF_8));
            return List.of(
                    living(() -> Optional.ofNullable(db.get(family.handle, key)))
                            .map(StoredVector::ofStored));
        }
        List<byte[]> keys = new ArrayList<>(entities.size());
        entities.forEach(entity -> keys.add(vectorKey(entity.getBytes(UTF_8))));
        List<ColumnFamilyHandle> same = Collections.nCopies(keys.size(), family.handle);
        List<Optional<StoredVector>> vectors = new ArrayList<>(keys.size());
        for (byte[] value : living(() -> db.multiGetAsList(same, keys))) {
            vectors.add(Optional.ofNullable(value).map(StoredVector::ofStored));
        }
        return vectors;
    }

    /// What is written as one.
    static final class Changes implements AutoCloseable {
        private final WriteBatch batch = new WriteBatch();
        private final Family family;

        Changes(Family family) {
            this.family = family;
        }

        void put(byte[] entity, StoredVector vector) {
            add(() -> batch.put(family.handle, vectorKey(entity), vector.stored()));
        }

        void remove(byte[] entity) {
            add(() -> batch.delete(family.handle, vectorKey(entity)));
        }

        /// The partition is read up to here.
        void position(int partition, long offset) {
            add(() -> batch.put(family.handle, positionKey(partition), bytes(offset)));
        }

        void synced(Instant now) {
            add(() -> batch.put(family.handle, new byte[] {SYNCED}, bytes(now.toEpochMilli())));
        }

        private static void add(Change change) {
            try {
                change.add();
            } catch (RocksDBException e) {
                throw new StoreFailed("a change is not taken", e);
            }
        }

        private interface Change {
            void add() throws RocksDBException;
        }

        @Override
        public void close() {
            batch.close();
        }
    }

    void write(Changes changes) {
        living(() -> {
            db.write(writeOptions, changes.batch);
            return true;
        });
    }

    /// Waits for those who read.
    @Override
    public void close() {
        life.writeLock().lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            handles.forEach(ColumnFamilyHandle::close);
            db.close();
            writeOptions.close();
            options.close();
            familyOptions.close();
            filter.close();
            cache.close();
        } finally {
            life.writeLock().unlock();
        }
    }

    private interface Work<T> {
        T run() throws RocksDBException;
    }

    private <T> T living(Work<T> work) {
        Lock reading = life.readLock();
        reading.lock();
        try {
            if (closed) {
                throw new OnlineUnavailable("the online store is closed", "start the platform");
            }
            return work.run();
        } catch (RocksDBException e) {
            throw new StoreFailed("the files of the online store fail", e);
        } finally {
            reading.unlock();
        }
    }

    private static byte[] vectorKey(byte[] entity) {
        byte[] key = new byte[entity.length + 1];
        key[0] = VECTOR;
        System.arraycopy(entity, 0, key, 1, entity.length);
        return key;
    }

    private static byte[] positionKey(int partition) {
        return ByteBuffer.allocate(1 + Integer.BYTES).put(POSITION).putInt(partition).array();
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }
}
