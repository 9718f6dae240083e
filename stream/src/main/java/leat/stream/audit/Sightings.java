package leat.stream.audit;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// All sightings of an audit, grouped by event with little memory: they are dealt by the first byte
/// of the identity into 256 buckets that spill to files, and one bucket at a time is sorted.
///
/// Memory is 256 buffers of 64 KiB plus the largest bucket, about 1/256 of the sightings at 80
/// bytes each; the files take [Sighting#BYTES] bytes each.
final class Sightings implements AutoCloseable {

    private static final int BUCKETS = 256;
    private static final int BUFFER_SIGHTINGS = (64 << 10) / Sighting.BYTES;

    private final Path folder;
    private final long limit;
    private final List<Bucket> buckets = new ArrayList<>(BUCKETS);
    private long size;

    /// @param parent where a folder for the files is made; it is deleted by [#close]
    /// @param limit how many sightings may be added
    Sightings(Path parent, long limit) {
        this.limit = limit;
        try {
            Files.createDirectories(parent);
            this.folder = Files.createTempDirectory(parent, "audit-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a folder for the audit in " + parent, e);
        }
        for (int i = 0; i < BUCKETS; i++) {
            buckets.add(new Bucket(folder.resolve(String.format("%02x", i))));
        }
    }

    /// @throws AuditTooLarge when the limit is reached
    void add(Sighting sighting) {
        if (size == limit) {
            throw new AuditTooLarge(limit);
        }
        size++;
        buckets.get((int) (sighting.identity().high() >>> 56)).add(sighting);
    }

    long size() {
        return size;
    }

    /// Hands over each event's sightings in [Sighting#ORDER]; may be called again after more were
    /// added.
    void forEachEvent(Consumer<List<Sighting>> consumer) {
        for (Bucket bucket : buckets) {
            List<Sighting> sorted = bucket.load();
            sorted.sort(Sighting.ORDER);
            int start = 0;
            for (int end = 1; end <= sorted.size(); end++) {
                if (end == sorted.size()
                        || !sorted.get(end).identity().equals(sorted.get(start).identity())) {
                    consumer.accept(sorted.subList(start, end));
                    start = end;
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            for (Bucket bucket : buckets) {
                bucket.delete();
            }
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }

    private static final class Bucket {
        private final Path file;
        private @Nullable ByteBuffer buffer;
        private @Nullable FileChannel channel;

        Bucket(Path file) {
            this.file = file;
        }

        void add(Sighting sighting) {
            ByteBuffer target = buffer;
            if (target == null) {
                target = ByteBuffer.allocate(BUFFER_SIGHTINGS * Sighting.BYTES);
                buffer = target;
            }
            sighting.write(target);
            if (!target.hasRemaining()) {
                spill(target);
            }
        }

        private void spill(ByteBuffer full) {
            try {
                FileChannel target = channel;
                if (target == null) {
                    target =
                            FileChannel.open(
                                    file,
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE);
                    channel = target;
                }
                full.flip();
                while (full.hasRemaining()) {
                    target.write(full);
                }
                full.clear();
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot write " + file + "; the audit needs space for its files", e);
            }
        }

        List<Sighting> load() {
            List<Sighting> sightings = new ArrayList<>();
            FileChannel source = channel;
            if (source != null) {
                readFile(source, sightings);
            }
            ByteBuffer rest = buffer;
            if (rest != null) {
                ByteBuffer view = rest.duplicate().flip();
                while (view.hasRemaining()) {
                    sightings.add(Sighting.read(view));
                }
            }
            return sightings;
        }

        private void readFile(FileChannel source, List<Sighting> sightings) {
            ByteBuffer page = ByteBuffer.allocate(BUFFER_SIGHTINGS * Sighting.BYTES);
            try {
                long size = source.size();
                for (long position = 0; position < size; position += page.capacity()) {
                    page.clear();
                    while (page.hasRemaining()) {
                        if (source.read(page, position + page.position()) < 0) {
                            throw new EOFException(file + " is shorter than what was written");
                        }
                    }
                    page.flip();
                    while (page.hasRemaining()) {
                        sightings.add(Sighting.read(page));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + file, e);
            }
        }

        void delete() throws IOException {
            FileChannel open = channel;
            if (open != null) {
                open.close();
                Files.deleteIfExists(file);
            }
        }
    }
}
