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
import java.util.stream.Stream;
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
    private final DrainedMark mark;
    private final Thread writer;

    /// Guards what follows; it is notified when something is queued, durable or closed.
    private final Object monitor = new Object();

    private final Deque<Segment> segments = new ArrayDeque<>();
    private final Deque<Entry> queue = new ArrayDeque<>();
    private long queuedBytes;
    private long writingBytes;
    private long fileBytes;
    private long events;
    private long nextGroup = 1;
    private Place first = new Place(1, SegmentFile.START);
    private @Nullable IOException broken;
    private boolean closing;

    /// A record that is to be kept.
    ///
    /// @param fate is told once, on the spool's own thread, which must not be held up
    public record Entry(ProducerRecord<byte[], byte[]> record, Fate fate) {}

    /// Is told what became of a record.
    public interface Fate {
        /// It is on disk.
        void durable();

        /// It is not, and will not be.
        void lost(Exception cause);
    }

    /// Where a group is: its number, and its place in the file that has it.
    private record Place(long group, long offset) {}

    /// The oldest records that are not drained.
    ///
    /// @param records in their order; empty when there are none
    public record Chunk(List<ProducerRecord<byte[], byte[]>> records, long lastGroup, long end) {
        public Chunk {
            records = List.copyOf(records);
        }
    }

    /// How full it is.
    ///
    /// @param bytes of its files, and of what waits to be written
    /// @param events durable and not drained
    public record Level(long bytes, long events, long maxBytes) {
        public boolean full() {
            return bytes >= maxBytes;
        }
    }

    private Spool(SpoolSettings settings, InstantSource clock, FileChannel lock)
            throws IOException {
        this.settings = settings;
        this.clock = clock;
        this.lock = lock;
        this.mark = DrainedMark.open(settings.folder());
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
                Spool spool = new Spool(settings, clock, lock);
                spool.recover();
                spool.writer.start();
                return spool;
            } catch (RuntimeException | IOException e) {
                lock.close();
                throw e;
            }
        } catch (IOException e) {
            throw new SpoolUnusable("cannot use the spool in " + settings.folder() + ": " + e, e);
        }
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
                "another collector has the spool in "
                        + folder
                        + "; give this one a collector.spool.folder of its own, or end the other");
    }

    private void recover() throws IOException {
        long drained = mark.value();
        List<Path> files = files(settings.folder());
        for (int i = 0; i < files.size(); i++) {
            Path file = files.get(i);
            boolean last = i == files.size() - 1;
            if (!segments.isEmpty() && SegmentFile.firstGroup(file) != nextGroup) {
                throw new SpoolDamaged(file, 0, "the file with group " + nextGroup + " is missing");
            }
            nextGroup = SegmentFile.firstGroup(file);
            Segment segment =
                    Segment.open(
                            settings.folder(),
                            file,
                            last,
                            (header, offset) -> found(header, offset, drained));
            segments.add(segment);
            fileBytes += segment.end();
        }
        nextGroup = Math.max(nextGroup, drained + 1);
        if (events == 0) {
            first = new Place(nextGroup, SegmentFile.START);
            while (!segments.isEmpty()) {
                drop(segments.remove());
            }
        } else {
            dropDrained();
            LOG.atInfo()
                    .addKeyValue("folder", settings.folder())
                    .addKeyValue("events", events)
                    .log("Found events in the spool");
        }
    }

    private void found(GroupHeader header, long offset, long drained) {
        nextGroup = header.number() + 1;
        if (header.number() <= drained) {
            return;
        }
        if (events == 0) {
            first = new Place(header.number(), offset);
        }
        events += header.records();
    }

    /// The spool's files, the oldest first.
    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(SegmentFile::isOne).sorted().toList();
        }
    }

    /// Queues the entries behind all others, as many of the first as there is room for; those that
    /// are not taken, in their order. They are told nothing.
    public List<Entry> append(List<Entry> entries) {
        synchronized (monitor) {
            for (int i = 0; i < entries.size(); i++) {
                long size = sizeBytes(entries.get(i));
                if (closing || broken != null || bytes() + size > settings.maxBytes()) {
                    return entries.subList(i, entries.size());
                }
                queuedBytes += size;
                queue.add(entries.get(i));
            }
            monitor.notifyAll();
            return List.of();
        }
    }

    /// What a record takes at most: it may be the only one of its group, in a file of its own.
    private static int sizeBytes(Entry entry) {
        return SegmentFile.START + GroupHeader.BYTES + SpooledRecord.sizeBytes(entry.record());
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

    private long bytes() {
        return fileBytes + queuedBytes + writingBytes;
    }

    public Level level() {
        synchronized (monitor) {
            return new Level(bytes(), events, settings.maxBytes());
        }
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
            return events == 0 && isWritten();
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
            synchronized (monitor) {
                return events == 0
                        ? Optional.empty()
                        : SegmentFile.header(segments.getFirst().file(), first.offset())
                                .map(GroupHeader::writtenMillis);
            }
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /// Reads the oldest groups, of at most `maxBytes` if one is not larger.
    ///
    /// @throws SpoolDamaged when they are not as they were written
    public Chunk oldest(long maxBytes) {
        FileChannel file;
        Path path;
        Place from;
        long end;
        synchronized (monitor) {
            if (events == 0) {
                return new Chunk(List.of(), 0, 0);
            }
            Segment segment = segments.getFirst();
            file = segment.file();
            path = segment.path();
            end = segment.end();
            from = first;
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        long offset = from.offset();
        long group = from.group();
        try {
            while (offset < end) {
                Optional<GroupHeader> header = SegmentFile.header(file, offset);
                Optional<ByteBuffer> payload =
                        header.isEmpty()
                                ? Optional.empty()
                                : SegmentFile.payload(file, offset, header.get());
                if (header.isEmpty() || payload.isEmpty() || header.get().number() != group) {
                    throw new SpoolDamaged(path, offset, "group " + group + " cannot be read");
                }
                if (!records.isEmpty()
                        && offset + header.get().sizeBytes() - from.offset() > maxBytes) {
                    break;
                }
                for (int i = 0; i < header.get().records(); i++) {
                    records.add(SpooledRecord.read(payload.get()));
                }
                offset += header.get().sizeBytes();
                group++;
            }
        } catch (IOException e) {
            throw new SpoolUnusable("cannot read the spool's file " + path, e);
        }
        return new Chunk(records, group - 1, offset);
    }

    /// Takes the records of a chunk away: they are in the log.
    public void drained(Chunk chunk) {
        try {
            mark.set(chunk.lastGroup());
            FailPoint.reach("spool.after-mark");
            synchronized (monitor) {
                events -= chunk.records().size();
                first = new Place(chunk.lastGroup() + 1, chunk.end());
                dropDrained();
            }
        } catch (IOException e) {
            throw new SpoolUnusable("cannot use the spool in " + settings.folder(), e);
        }
    }

    /// Deletes the files of which everything is drained.
    private void dropDrained() throws IOException {
        while (!segments.isEmpty()) {
            Segment oldest = segments.getFirst();
            boolean whole =
                    segments.size() > 1
                            ? first.group() >= second().firstGroup()
                            : first.group() == nextGroup && isWritten();
            if (!whole) {
                return;
            }
            drop(segments.remove());
            first = new Place(first.group(), SegmentFile.START);
            LOG.atDebug().addKeyValue("file", oldest.path()).log("Everything of it is in the log");
            FailPoint.reach("spool.after-delete");
        }
    }

    private Segment second() {
        return segments.stream().skip(1).findFirst().orElseThrow();
    }

    private void drop(Segment segment) throws IOException {
        fileBytes -= segment.end();
        segment.delete();
    }

    private void writeAll() {
        while (true) {
            List<Entry> group = nextEntries();
            if (group.isEmpty()) {
                return;
            }
            write(group);
        }
    }

    /// Waits for entries; none when the spool is closed and all are written.
    private List<Entry> nextEntries() {
        List<Entry> group = new ArrayList<>();
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
                int more = sizeBytes(queue.element());
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

    private void write(List<Entry> group) {
        @Nullable IOException failure = null;
        try {
            append(group, encode(group));
        } catch (IOException e) {
            failure = e;
            LOG.atError().setCause(e).log("The spool's disk refuses");
        }
        if (failure == null) {
            FailPoint.reach("spool.after-fsync");
        }
        for (Entry entry : group) {
            if (failure == null) {
                entry.fate().durable();
            } else {
                entry.fate().lost(failure);
            }
        }
    }

    private ByteBuffer encode(List<Entry> group) {
        int size = 0;
        for (Entry entry : group) {
            size += SpooledRecord.sizeBytes(entry.record());
        }
        ByteBuffer bytes =
                ByteBuffer.allocate(GroupHeader.BYTES + size).position(GroupHeader.BYTES);
        for (Entry entry : group) {
            SpooledRecord.write(entry.record(), bytes);
        }
        int checksum = GroupHeader.checksum(bytes.slice(GroupHeader.BYTES, size));
        bytes.flip();
        new GroupHeader(nextGroup, clock.millis(), group.size(), size, checksum)
                .write(bytes.duplicate());
        return bytes;
    }

    /// Writes one group and makes it durable, or leaves nothing of it.
    private void append(List<Entry> group, ByteBuffer bytes) throws IOException {
        int size = bytes.remaining();
        boolean done = false;
        try {
            Segment segment = segment(size);
            FailPoint.reach("spool.before-write");
            try {
                segment.append(bytes);
                FailPoint.reach("spool.before-fsync");
                segment.flush();
            } catch (IOException e) {
                cut(segment, e);
                throw e;
            }
            synchronized (monitor) {
                segment.grow(size);
                fileBytes += size;
                events += group.size();
                nextGroup++;
                writingBytes = 0;
                monitor.notifyAll();
                done = true;
            }
        } finally {
            if (!done) {
                synchronized (monitor) {
                    writingBytes = 0;
                    monitor.notifyAll();
                }
            }
        }
    }

    /// The file to append to. Only the writer makes files, only the drain deletes any, and never
    /// one that is being written.
    private Segment segment(int groupBytes) throws IOException {
        synchronized (monitor) {
            if (!segments.isEmpty()) {
                Segment last = segments.getLast();
                if (last.end() + groupBytes <= settings.segmentBytes()
                        || last.end() == SegmentFile.START) {
                    return last;
                }
            }
        }
        Segment made = Segment.make(settings.folder(), nextGroup);
        synchronized (monitor) {
            if (events == 0) {
                while (!segments.isEmpty()) {
                    drop(segments.remove());
                }
                first = new Place(nextGroup, SegmentFile.START);
            }
            segments.add(made);
            fileBytes += made.end();
        }
        return made;
    }

    /// After a write or flush that failed nobody knows what the disk has: the file is cut back, and
    /// if that fails as well nothing is taken any more.
    private void cut(Segment segment, IOException cause) {
        try {
            segment.cut();
        } catch (IOException e) {
            e.addSuppressed(cause);
            synchronized (monitor) {
                broken = e;
            }
        }
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
            for (Segment segment : segments) {
                segment.close();
            }
            mark.close();
            lock.close();
        } catch (IOException e) {
            LOG.atWarn().setCause(e).log("Cannot close the spool");
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
