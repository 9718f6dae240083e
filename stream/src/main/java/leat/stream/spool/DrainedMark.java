package leat.stream.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// Up to which group a spool's records are in the log: a file with that number and its checksum. It
/// is not flushed: an older number, or none, lets records be sent again, which their ids tell.
final class DrainedMark implements AutoCloseable {

    private static final String NAME = "drained";
    private static final int BYTES = Long.BYTES + Integer.BYTES;

    private final FileChannel file;

    private DrainedMark(FileChannel file) {
        this.file = file;
    }

    static DrainedMark open(Path folder) throws IOException {
        return new DrainedMark(
                FileChannel.open(
                        folder.resolve(NAME),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE));
    }

    /// The mark of a folder that another process may own; 0 where there is none.
    static long look(Path folder) throws IOException {
        Path path = folder.resolve(NAME);
        if (!Files.exists(path)) {
            return 0;
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            return value(file);
        }
    }

    long value() throws IOException {
        return value(file);
    }

    private static long value(FileChannel file) throws IOException {
        if (file.size() != BYTES) {
            return 0;
        }
        ByteBuffer bytes = SegmentFile.read(file, 0, BYTES);
        boolean sound =
                bytes.getInt(Long.BYTES) == GroupHeader.checksum(bytes.slice(0, Long.BYTES));
        return sound ? bytes.getLong(0) : 0;
    }

    void set(long group) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).putLong(group);
        bytes.putInt(GroupHeader.checksum(bytes.slice(0, Long.BYTES)));
        SegmentFile.write(file, bytes.flip(), 0);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
