package leat.stream.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import leat.core.failpoint.FailPoint;
import leat.stream.spool.Spool.Chunk;
import org.apache.kafka.clients.producer.ProducerRecord;

/// The groups of a spool in its files: one thread appends, another reads the oldest and takes them
/// away.
final class SpoolFiles implements AutoCloseable {

    private final SpoolSettings settings;
    private final DrainedMark mark;

    /// Written under this alone, and read without it: event loops ask, and this is held while files
    /// are made, flushed and deleted.
    private volatile long bytes;

    private volatile long events;

    /// Guarded by this, like all that follows.
    private final Deque<Segment> segments = new ArrayDeque<>();

    private boolean appending;
    private long nextGroup = 1;
    private Place first = new Place(1, SegmentFile.START);

    /// Where a group is: its number, and its place in the file that has it.
    private record Place(long group, long offset) {}

    private SpoolFiles(SpoolSettings settings, DrainedMark mark) {
        this.settings = settings;
        this.mark = mark;
    }

    /// Finds what was not drained.
    ///
    /// @throws SpoolDamaged when it is not what was written
    static SpoolFiles open(SpoolSettings settings) throws IOException {
        SpoolFiles files = new SpoolFiles(settings, DrainedMark.open(settings.folder()));
        try {
            files.recover();
            return files;
        } catch (RuntimeException | IOException e) {
            files.close();
            throw e;
        }
    }

    /// The spool's files, the oldest first.
    static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(SegmentFile::isOne).sorted().toList();
        }
    }

    private synchronized void recover() throws IOException {
        long drained = mark.value();
        List<Path> files = list(settings.folder());
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
            bytes += segment.end();
        }
        nextGroup = Math.max(nextGroup, drained + 1);
        if (events == 0) {
            dropAll();
        } else {
            dropDrained();
        }
    }

    private synchronized void found(GroupHeader header, long offset, long drained) {
        nextGroup = header.number() + 1;
        if (header.number() <= drained) {
            return;
        }
        if (events == 0) {
            first = new Place(header.number(), offset);
        }
        events += header.records();
    }

    /// Size of all files.
    long bytes() {
        return bytes;
    }

    /// Durable and not drained.
    long events() {
        return events;
    }

    /// The number of the group that is appended next.
    synchronized long nextGroup() {
        return nextGroup;
    }

    /// When the oldest group was written; empty when there is none.
    synchronized Optional<Long> oldestMillis() throws IOException {
        return events == 0
                ? Optional.empty()
                : SegmentFile.header(segments.getFirst().file(), first.offset())
                        .map(GroupHeader::writtenMillis);
    }

    /// Appends a group of `records` records and makes it durable, or leaves nothing of it.
    ///
    /// @throws DiskUnknown when nobody knows what is left of it
    void append(int records, ByteBuffer group) throws IOException {
        int size = group.remaining();
        Segment segment = segmentFor(size);
        try {
            FailPoint.reach("spool.before-write");
            segment.append(group);
            FailPoint.reach("spool.before-fsync");
            segment.flush();
            synchronized (this) {
                segment.grow(size);
                bytes += size;
                events += records;
                nextGroup++;
            }
        } catch (IOException e) {
            cut(segment, e);
            throw e;
        } finally {
            synchronized (this) {
                appending = false;
            }
        }
    }

    /// After a write or flush that failed nobody knows what the disk has; so it is cut back.
    private static void cut(Segment segment, IOException cause) throws DiskUnknown {
        try {
            segment.cut();
        } catch (IOException e) {
            e.addSuppressed(cause);
            throw new DiskUnknown(e);
        }
    }

    /// Nothing can be appended any more until the folder is opened again.
    static final class DiskUnknown extends IOException {
        DiskUnknown(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /// The file to append to, which nobody deletes until that is done.
    private synchronized Segment segmentFor(int groupBytes) throws IOException {
        appending = true;
        if (!segments.isEmpty()) {
            Segment last = segments.getLast();
            if (last.end() + groupBytes <= settings.segmentBytes()
                    || last.end() == SegmentFile.START) {
                return last;
            }
        }
        try {
            if (events == 0) {
                dropAll();
            }
            Segment made = Segment.make(settings.folder(), nextGroup);
            segments.add(made);
            bytes += made.end();
            return made;
        } catch (IOException e) {
            appending = false;
            throw e;
        }
    }

    /// Reads the oldest groups of one file, of at most `maxBytes` if the first is not larger.
    ///
    /// @throws SpoolDamaged when they are not as they were written
    Chunk oldest(long maxBytes) throws IOException {
        Segment segment;
        Place from;
        long end;
        synchronized (this) {
            if (events == 0) {
                return new Chunk(List.of(), 0, 0);
            }
            segment = segments.getFirst();
            end = segment.end();
            from = first;
        }
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        long offset = from.offset();
        long group = from.group();
        while (offset < end) {
            GroupHeader header = header(segment, offset, group);
            if (!records.isEmpty() && offset + header.sizeBytes() - from.offset() > maxBytes) {
                break;
            }
            addRecords(segment, offset, header, records);
            offset += header.sizeBytes();
            group++;
        }
        return new Chunk(records, group - 1, offset);
    }

    private static GroupHeader header(Segment segment, long offset, long group) throws IOException {
        return SegmentFile.header(segment.file(), offset)
                .filter(found -> found.number() == group)
                .orElseThrow(() -> unreadable(segment, offset, group));
    }

    private static void addRecords(
            Segment segment,
            long offset,
            GroupHeader header,
            List<ProducerRecord<byte[], byte[]>> records)
            throws IOException {
        FileChannel file = segment.file();
        ByteBuffer payload =
                SegmentFile.payload(file, offset, header)
                        .orElseThrow(() -> unreadable(segment, offset, header.number()));
        for (int i = 0; i < header.records(); i++) {
            records.add(SpooledRecord.read(payload));
        }
    }

    private static SpoolDamaged unreadable(Segment segment, long offset, long group) {
        return new SpoolDamaged(segment.path(), offset, "group " + group + " cannot be read");
    }

    /// Takes a chunk away.
    void drained(Chunk chunk) throws IOException {
        mark.set(chunk.lastGroup());
        FailPoint.reach("spool.after-mark");
        synchronized (this) {
            events -= chunk.records().size();
            first = new Place(chunk.lastGroup() + 1, chunk.end());
            dropDrained();
        }
    }

    /// Deletes the files of which everything is drained.
    private synchronized void dropDrained() throws IOException {
        while (!segments.isEmpty() && isDrained()) {
            drop(segments.remove());
            first = new Place(first.group(), SegmentFile.START);
            FailPoint.reach("spool.after-delete");
        }
    }

    private synchronized boolean isDrained() {
        return segments.size() > 1
                ? first.group() >= segments.stream().skip(1).findFirst().orElseThrow().firstGroup()
                : first.group() == nextGroup && !appending;
    }

    private synchronized void dropAll() throws IOException {
        while (!segments.isEmpty()) {
            drop(segments.remove());
        }
        first = new Place(nextGroup, SegmentFile.START);
    }

    private synchronized void drop(Segment segment) throws IOException {
        bytes -= segment.end();
        segment.delete();
    }

    @Override
    public synchronized void close() throws IOException {
        for (Segment segment : segments) {
            segment.close();
        }
        mark.close();
    }
}
