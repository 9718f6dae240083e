package leat.stream.enricher.dedupe;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.stream.log.LogUnavailable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The committed identities of one partition on the local disk, appended as they come, so that a
/// restart reads only the log's tail again.
///
/// A journal is a folder of files `<from>.identities`. A file is a header (magic, window, topic id,
/// checksum) and blocks that follow each other without a gap: count, from, to, newest time, the
/// entries (24 bytes each), CRC-32C. A torn or foreign block ends what can be used; all before it
/// is a complete account of the raw offsets [first from, last to). Files are written without fsync:
/// after a loss of power the checksums find what is missing, and raw gives it again.
///
/// A disk that fails costs the next restart its head start and nothing else: the journal deletes
/// itself and the stage goes on.
final class IdentityJournal implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IdentityJournal.class);
    private static final String SUFFIX = ".identities";
    private static final long MAGIC = 0x4c45415449445331L;
    private static final int HEADER_BYTES = 8 + 8 + 22 + 4;
    private static final int BLOCK_HEADER_BYTES = 4 + 8 + 8 + 8;
    private static final int ENTRY_BYTES = 24;
    private static final long MAX_FILE_BYTES = 64L << 20;
    private static final int MAX_BLOCK_BYTES = 64 << 20;
    private static final int FLUSH_BYTES = 64 << 10;
    private static final long FLUSH_NANOS = 1_000_000_000L;

    private final Path folder;
    private final TopicId topicId;
    private final long windowMillis;
    private final List<Closed> closed = new ArrayList<>();
    private @Nullable FileChannel file;
    private @Nullable Path path;
    private ByteBuffer block = ByteBuffer.allocate(2 * FLUSH_BYTES);
    private long blockFrom;
    private long end;
    private long blockNewest;
    private long fileNewest;
    private long fileOldest;
    private long fileBytes;
    private long flushedNanos = System.nanoTime();
    private boolean broken;

    /// A file that is not written any more.
    private record Closed(Path path, long newestMillis) {}

    private IdentityJournal(Path folder, TopicId topicId, long windowMillis) {
        this.folder = folder;
        this.topicId = topicId;
        this.windowMillis = windowMillis;
    }

    /// Opens the journal and gives what it has of the raw offsets below `committed`. [#end] then
    /// says up to where that is; -1 when nothing could be used.
    static IdentityJournal restore(
            Path folder,
            TopicId topicId,
            long windowMillis,
            long committed,
            IdentityOverlay.Sink sink) {
        IdentityJournal journal = new IdentityJournal(folder, topicId, windowMillis);
        journal.end = -1;
        try {
            Files.createDirectories(folder);
            journal.replay(committed, sink);
        } catch (ClosedByInterruptException e) {
            throw new LogUnavailable("interrupted while restoring identities", e);
        } catch (IOException e) {
            journal.fail(e);
        }
        return journal;
    }

    /// The raw offset up to which the journal is complete.
    long end() {
        return end;
    }

    /// Forgets everything; the next block starts at `from`.
    void startAt(long from) {
        block.clear();
        blockNewest = 0;
        end = from;
        blockFrom = from;
        try {
            closeFile();
            for (Closed old : closed) {
                Files.deleteIfExists(old.path());
            }
            closed.clear();
        } catch (IOException e) {
            fail(e);
        }
    }

    /// Adds an identity of the raw offsets that the next [#advance] covers.
    void add(long high, long low, long millis) {
        if (broken) {
            return;
        }
        if (block.remaining() < ENTRY_BYTES) {
            block = ByteBuffer.allocate(2 * block.capacity()).put(block.flip());
        }
        block.putLong(high).putLong(low).putLong(millis);
        blockNewest = Math.max(blockNewest, millis);
    }

    /// Everything below `to` was added. Written now and then, not at once.
    void advance(long to) {
        end = to;
        if (block.position() >= FLUSH_BYTES || System.nanoTime() - flushedNanos > FLUSH_NANOS) {
            flush();
        }
    }

    /// Deletes the files in which nothing is as new as `millis`.
    void expireBefore(long millis) {
        while (closed.size() > 1 && closed.getFirst().newestMillis() < millis) {
            try {
                Files.deleteIfExists(closed.removeFirst().path());
            } catch (IOException e) {
                fail(e);
                return;
            }
        }
    }

    @Override
    public void close() {
        // An interrupt, by which a restoration is given up, would close the file under our hands.
        boolean interrupted = Thread.interrupted();
        try {
            flush();
            closeFile();
        } catch (IOException e) {
            fail(e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void flush() {
        flushedNanos = System.nanoTime();
        if (broken || end == blockFrom) {
            return;
        }
        try {
            FailPoint.reach("enricher.before-journal");
            write();
            FailPoint.reach("enricher.after-journal");
        } catch (IOException e) {
            fail(e);
        }
    }

    private void write() throws IOException {
        FileChannel target = file == null ? openFile() : file;
        int count = block.position() / ENTRY_BYTES;
        ByteBuffer header =
                ByteBuffer.allocate(BLOCK_HEADER_BYTES)
                        .putInt(count)
                        .putLong(blockFrom)
                        .putLong(end)
                        .putLong(blockNewest)
                        .flip();
        block.flip();
        CRC32C checksum = new CRC32C();
        checksum.update(header.duplicate());
        checksum.update(block.duplicate());
        ByteBuffer trailer =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) checksum.getValue()).flip();
        fileBytes += header.remaining() + block.remaining() + trailer.remaining();
        writeFully(target, header, block, trailer);
        fileNewest = Math.max(fileNewest, blockNewest);
        if (fileOldest == 0) {
            fileOldest = blockNewest;
        }
        block.clear();
        blockFrom = end;
        blockNewest = 0;
        if (fileBytes > MAX_FILE_BYTES || fileNewest - fileOldest > windowMillis / 4) {
            closeFile();
        }
    }

    private static void writeFully(FileChannel target, ByteBuffer... parts) throws IOException {
        for (ByteBuffer part : parts) {
            while (part.hasRemaining()) {
                target.write(part);
            }
        }
    }

    private FileChannel openFile() throws IOException {
        Path created = folder.resolve("%020d".formatted(blockFrom) + SUFFIX);
        FileChannel opened =
                FileChannel.open(
                        created,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
        file = opened;
        path = created;
        fileBytes = HEADER_BYTES;
        fileNewest = 0;
        fileOldest = 0;
        writeFully(opened, header());
        return opened;
    }

    private ByteBuffer header() {
        ByteBuffer header =
                ByteBuffer.allocate(HEADER_BYTES)
                        .putLong(MAGIC)
                        .putLong(windowMillis)
                        .put(topicId.value().getBytes(StandardCharsets.US_ASCII));
        CRC32C checksum = new CRC32C();
        checksum.update(header.duplicate().flip());
        return header.putInt((int) checksum.getValue()).flip();
    }

    private void closeFile() throws IOException {
        FileChannel old = file;
        Path oldPath = path;
        if (old != null && oldPath != null) {
            file = null;
            path = null;
            old.close();
            closed.add(new Closed(oldPath, fileNewest));
        }
    }

    /// Gives up the journal, not the stage.
    private void fail(IOException cause) {
        LOG.atWarn()
                .addKeyValue("folder", folder)
                .setCause(cause)
                .log("Cannot keep the duplicates' journal; a restart will read more of the log");
        broken = true;
        block = ByteBuffer.allocate(0);
        try {
            closeFile();
            for (Path old : files()) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    // Reading back.

    private List<Path> files() throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return found.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList();
        }
    }

    private void replay(long committed, IdentityOverlay.Sink sink) throws IOException {
        boolean usable = true;
        for (Path found : files()) {
            if (!usable) {
                Files.delete(found);
                continue;
            }
            Optional<Long> newest = replay(found, committed, sink);
            if (newest.isPresent()) {
                closed.add(new Closed(found, newest.get()));
            } else {
                Files.delete(found);
            }
            // A cut file ends the account, unless the next one goes on where it was cut.
            usable = newest.isPresent();
        }
        blockFrom = end;
    }

    /// The newest time in the file, empty when none of it can be used. What cannot be used behind a
    /// usable start is cut off.
    private Optional<Long> replay(Path found, long committed, IdentityOverlay.Sink sink)
            throws IOException {
        try (FileChannel channel =
                FileChannel.open(found, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            if (!headerFits(channel)) {
                return Optional.empty();
            }
            long newest = 0;
            long used = HEADER_BYTES;
            while (true) {
                @Nullable ByteBuffer read = readBlock(channel, used, committed);
                if (read == null) {
                    break;
                }
                newest = Math.max(newest, give(read, sink));
                used += read.limit() + Integer.BYTES;
            }
            channel.truncate(used);
            return used > HEADER_BYTES ? Optional.of(newest) : Optional.empty();
        }
    }

    private boolean headerFits(FileChannel channel) throws IOException {
        ByteBuffer found = ByteBuffer.allocate(HEADER_BYTES);
        if (!fill(channel, found, 0)) {
            return false;
        }
        ByteBuffer sealed = found.duplicate().limit(HEADER_BYTES - Integer.BYTES);
        CRC32C checksum = new CRC32C();
        checksum.update(sealed);
        byte[] id = new byte[22];
        found.get(16, id);
        return found.getLong(0) == MAGIC
                && found.getInt(HEADER_BYTES - Integer.BYTES) == (int) checksum.getValue()
                && found.getLong(8) >= windowMillis
                && topicId.value().equals(new String(id, StandardCharsets.US_ASCII));
    }

    /// Block header and entries, or null where no block fits on what was read.
    private @Nullable ByteBuffer readBlock(FileChannel channel, long at, long committed)
            throws IOException {
        ByteBuffer header = ByteBuffer.allocate(BLOCK_HEADER_BYTES);
        if (!fill(channel, header, at)) {
            return null;
        }
        int count = header.getInt(0);
        long from = header.getLong(4);
        long to = header.getLong(12);
        if (count < 0
                || count > MAX_BLOCK_BYTES / ENTRY_BYTES
                || to > committed
                || (end >= 0 && from != end)) {
            return null;
        }
        int bodyBytes = count * ENTRY_BYTES;
        ByteBuffer whole = ByteBuffer.allocate(BLOCK_HEADER_BYTES + bodyBytes + Integer.BYTES);
        if (!fill(channel, whole, at)) {
            return null;
        }
        whole.limit(BLOCK_HEADER_BYTES + bodyBytes);
        CRC32C checksum = new CRC32C();
        checksum.update(whole.duplicate());
        whole.limit(whole.capacity());
        if (whole.getInt(BLOCK_HEADER_BYTES + bodyBytes) != (int) checksum.getValue()) {
            return null;
        }
        return whole.limit(BLOCK_HEADER_BYTES + bodyBytes);
    }

    private long give(ByteBuffer whole, IdentityOverlay.Sink sink) {
        end = whole.getLong(12);
        for (int at = BLOCK_HEADER_BYTES; at < whole.limit(); at += ENTRY_BYTES) {
            sink.accept(whole.getLong(at), whole.getLong(at + 8), whole.getLong(at + 16));
        }
        return whole.getLong(20);
    }

    private static boolean fill(FileChannel channel, ByteBuffer into, long at) throws IOException {
        while (into.hasRemaining()) {
            int read = channel.read(into, at + into.position());
            if (read < 0) {
                return false;
            }
        }
        into.flip();
        return true;
    }
}
