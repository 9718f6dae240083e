package leat.stream.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/// A file of a spool that this process owns.
final class Segment implements AutoCloseable {

    private final Path path;
    private final FileChannel file;
    private long end;

    private Segment(Path path, FileChannel file, long end) {
        this.path = path;
        this.file = file;
        this.end = end;
    }

    /// Makes an empty one that a loss of power does not take away.
    static Segment make(Path folder, long firstGroup) throws IOException {
        Path path = SegmentFile.of(folder, firstGroup);
        FileChannel file =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            ByteBuffer format = ByteBuffer.allocate(SegmentFile.START).putLong(SegmentFile.FORMAT);
            SegmentFile.write(file, format.flip(), 0);
            file.force(true);
            sync(folder);
        } catch (IOException e) {
            try (file) {
                throw e;
            }
        }
        return new Segment(path, file, SegmentFile.START);
    }

    /// Tells of each group of a file that was found.
    @FunctionalInterface
    interface Found {
        void group(GroupHeader header, long offset);
    }

    /// Opens one that is there, checks all of it and cuts off what a crash left behind its last
    /// group, if it is the last file.
    ///
    /// @throws SpoolDamaged when anything else is broken
    static Segment open(Path folder, Path path, boolean last, Found found) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        if (!SegmentFile.isOfThisFormat(file)) {
            if (!last || file.size() > SegmentFile.START) {
                throw new SpoolDamaged(path, 0, "it does not begin as a spool's file does");
            }
            file.close();
            return make(folder, SegmentFile.firstGroup(path));
        }
        long next = SegmentFile.firstGroup(path);
        long offset = SegmentFile.START;
        while (offset < file.size()) {
            Optional<GroupHeader> header = SegmentFile.header(file, offset);
            if (header.isEmpty() || SegmentFile.payload(file, offset, header.get()).isEmpty()) {
                if (!last || SegmentFile.goesOnBehind(file, offset, next)) {
                    throw new SpoolDamaged(path, offset, "a group does not fit its checksum");
                }
                file.truncate(offset);
                file.force(true);
                break;
            }
            if (header.get().number() != next) {
                throw new SpoolDamaged(
                        path, offset, "group " + header.get().number() + " where " + next + " was");
            }
            found.group(header.get(), offset);
            offset += header.get().sizeBytes();
            next++;
        }
        return new Segment(path, file, offset);
    }

    /// Appends, behind what counts.
    void append(ByteBuffer group) throws IOException {
        SegmentFile.write(file, group, end);
    }

    /// Makes what was appended durable.
    void flush() throws IOException {
        file.force(false);
    }

    /// What was appended counts from now on.
    void grow(long bytes) {
        end += bytes;
    }

    /// Takes away what was appended and does not count.
    void cut() throws IOException {
        file.truncate(end);
        file.force(true);
    }

    Path path() {
        return path;
    }

    FileChannel file() {
        return file;
    }

    /// Where the next group goes.
    long end() {
        return end;
    }

    long firstGroup() {
        return SegmentFile.firstGroup(path);
    }

    void delete() throws IOException {
        file.close();
        Files.deleteIfExists(path);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /// Makes a folder's names durable.
    static void sync(Path folder) throws IOException {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
