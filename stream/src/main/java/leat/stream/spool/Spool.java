package leat.stream.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import leat.core.failpoint.FailPoint;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A first-in, first-out queue of records in the files of a folder.
///
/// One thread of its own writes what waits, one group with one fsync for all of it, and tells each
/// record that it is durable. Whoever empties it reads the oldest records with [#oldest], as often
/// as it must, and takes them away with [#drained]. A file is deleted when all of it is drained.
///
/// A group that a crash has left half written, which nobody was told of, is cut off when the folder
/// is opened; anything else that does not fit its checksum is a [SpoolDamaged].
public final class Spool implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Spool.class);
    private static final int MAX_GROUP_BYTES = 4 << 20;

    private final SpoolSettings settings;
    private final InstantSource clock;
    private final FileChannel lock;
    private final SpoolFiles files;
    private final Thread writer;

    /// Guards what follows; it is notified when something is queued, written or closed.
    private final Object monitor = new Object();

    private final Deque<Queued> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long writingBytes;
    private @Nullable IOException broken;
    private boolean closing;

    /// A record that is to be kept.
    ///
    /// @param fate is told once, on the spool's own thread, which must not be held up
    public record Entry(ProducerRecord<byte[], byte[]> record, Fate fate) {}

    /// An entry that waits to be written.
    ///
    /// @param recordBytes what its record takes in a group
    private record Queued(Entry entry, int recordBytes) {

        Queued(Entry entry) {
            this(entry, SpooledRecord.sizeBytes(entry.record()));
        }

        /// What it takes at most: it may be the only one of its group, in a file of its own.
        int sizeBytes() {
            return SegmentFile.START + GroupHeader.BYTES + recordBytes;
        }
    }

    /// Is told what became of a record.
    public interface Fate {
        /// It is on disk.
        void durable();

        /// It is not, and will not be.
        void lost(Exception cause);
    }

    /// The oldest records that are not drained.
    ///
    /// @param records in their order; empty when there are none
    /// @param lastGroup the number of the last group among them
    /// @param end where that ends in its file
    public record Chunk(List<ProducerRecord<byte[], byte[]>> records, long lastGroup, long end) {
        public Chunk {
            records = List.copyOf(records);
        }
    }

    private Spool(SpoolSettings settings, InstantSource clock, FileChannel lock, SpoolFiles files) {
        this.settings = settings;
        this.clock = clock;
        this.lock = lock;
        this.files = files;
        this.writer = Thread.ofPlatform().name("spool-writer").unstarted(this::writeAll);
    }

    /// Takes the folder and finds in it what was not drained.
    ///
    /// @throws SpoolUnusable when another process has the folder, or the disk refuses
    /// @throws SpoolDamaged when what is found is not what was written
    public static Spool open(SpoolSettings settings, InstantSource clock) {
        try {
            Files.createDirectories(settings.folder());
            FileChannel lock = lock(settings.folder());
            try {
                Spool spool = new Spool(settings, clock, lock, SpoolFiles.open(settings));
                spool.start();
                return spool;
            } catch (RuntimeException | IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new SpoolUnusable("cannot use the spool in " + settings.folder(), e);
        }
    }

    private void start() {
        if (files.events() > 0) {
            LOG.atInfo()
                    .addKeyValue("folder", settings.folder())
                    .addKeyValue("events", files.events())
                    .log("Found events in the spool");
        }
        writer.start();
    }

    private static FileChannel lock(Path folder) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        folder.resolve("lock"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE);
        try {
            @Nullable FileLock taken = channel.tryLock();
            if (taken != null) {
                return channel;
            }
        } catch (OverlappingFileLockException _) {
            // This process has it.
        }
        channel.close();
        throw new SpoolUnusable(
                "another collector has the spool in " + folder,
                "end it first, or give this one a collector.spool.folder of its own");
    }

    /// Queues the entries behind all others, as many of the first as there is room for; those that
    /// are not taken, in their order. They are told nothing.
    public List<Entry> append(List<Entry> entries) {
        synchronized (monitor) {
            int taken = 0;
            while (taken < entries.size() && queue(entries.get(taken))) {
                taken++;
            }
            monitor.notifyAll();
            return entries.subList(taken, entries.size());
        }
    }

    private boolean queue(Entry entry) {
        synchronized (monitor) {
            if (closing || broken != null) {
                return false;
            }
            Queued queued = new Queued(entry);
            if (bytes() + queued.sizeBytes() > settings.maxBytes()) {
                return false;
            }
            queuedBytes += queued.sizeBytes();
            return queue.add(queued);
        }
    }

    /// Why nothing can be taken, for a message.
    public String refusal() {
        synchronized (monitor) {
            return broken == null
                    ? "the spool is full: it has "
                            + bytes()
                            + " bytes of the "
                            + settings.maxBytes()
                            + " of collector.spool.size"
                    : "the spool's disk refuses: " + broken.getMessage();
        }
    }

    /// Size of its files, and of what waits to be written.
    public long bytes() {
        synchronized (monitor) {
            return files.bytes() + queuedBytes + writingBytes;
        }
    }

    /// How many records are durable and not drained.
    public long events() {
        return files.events();
    }

    /// Whether it would take a small record.
    public boolean takes() {
        synchronized (monitor) {
            return broken == null && bytes() < settings.maxBytes();
        }
    }

    /// Whether nothing is in it and nothing waits to be written.
    public boolean isEmpty() {
        synchronized (monitor) {
            return isWritten() && files.events() == 0;
        }
    }

    private boolean isWritten() {
        return queuedBytes == 0 && writingBytes == 0;
    }

    /// Waits until everything queued has met its fate.
    public void awaitWritten() throws InterruptedException {
        synchronized (monitor) {
            while (!isWritten()) {
                monitor.wait();
            }
        }
    }

    /// When the oldest record that is not drained was written; empty when there is none.
    public Optional<Long> oldestMillis() {
        try {
            return files.oldestMillis();
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Reads the oldest records, of about `maxBytes`, those with one fsync together.
    ///
    /// @throws SpoolDamaged when they are not as they were written
    public Chunk oldest(long maxBytes) {
        try {
            return files.oldest(maxBytes);
        } catch (IOException e) {
            throw new SpoolUnusable("cannot read the spool in " + settings.folder(), e);
        }
    }

    /// Takes the records of a chunk away: they are in the log.
    public void drained(Chunk chunk) {
        if (chunk.records().isEmpty()) {
            return;
        }
        try {
            files.drained(chunk);
        } catch (IOException e) {
            throw new SpoolUnusable("cannot use the spool in " + settings.folder(), e);
        }
    }

    private void writeAll() {
        while (true) {
            List<Queued> group = nextEntries();
            if (group.isEmpty()) {
                return;
            }
            write(group);
        }
    }

    /// Waits for entries; none when the spool is closed and all are written.
    private List<Queued> nextEntries() {
        List<Queued> group = new ArrayList<>();
        synchronized (monitor) {
            while (queue.isEmpty()) {
                if (closing) {
                    return group;
                }
                try {
                    monitor.wait();
                } catch (InterruptedException _) {
                    closing = true;
                }
            }
            int size = 0;
            while (!queue.isEmpty()) {
                int more = queue.element().sizeBytes();
                if (size > 0 && size + more > MAX_GROUP_BYTES) {
                    break;
                }
                size += more;
                group.add(queue.remove());
            }
            queuedBytes -= size;
            writingBytes = size;
        }
        return group;
    }

    private void write(List<Queued> group) {
        @Nullable IOException failure = null;
        try {
            files.append(group.size(), encode(group));
        } catch (IOException e) {
            failure = e;
            LOG.atError().setCause(e).log("The spool's disk refuses");
        }
        synchronized (monitor) {
            writingBytes = 0;
            if (failure instanceof SpoolFiles.DiskUnknown) {
                broken = failure;
            }
            monitor.notifyAll();
        }
        if (failure == null) {
            FailPoint.reach("spool.after-fsync");
        }
        for (Queued queued : group) {
            if (failure == null) {
                queued.entry().fate().durable();
            } else {
                queued.entry().fate().lost(failure);
            }
        }
    }

    private ByteBuffer encode(List<Queued> group) {
        int size = 0;
        for (Queued queued : group) {
            size += queued.recordBytes();
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(GroupHeader.BYTES + size).position(GroupHeader.BYTES);
        for (Queued queued : group) {
            SpooledRecord.write(queued.entry().record(), bytes);
        }
        int checksum = GroupHeader.checksum(bytes.slice(GroupHeader.BYTES, size));
        bytes.flip();
        new GroupHeader(files.nextGroup(), clock.millis(), group.size(), size, checksum)
                .write(bytes.duplicate());
        return bytes;
    }

    /// Writes what is queued, then leaves the folder.
    @Override
    public void close() {
        synchronized (monitor) {
            closing = true;
            monitor.notifyAll();
        }
        boolean interrupted = false;
        while (writer.isAlive()) {
            try {
                writer.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        try {
            files.close();
            lock.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Cannot close the spool");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
