package leat.stream.spool;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Optional;

/// One of a spool's files: eight bytes that name the format, then groups without gaps. The file is
/// named by its first group's number.
final class SegmentFile {

    static final String SUFFIX = ".spool";

    /// `LEATSPL1`
    static final long FORMAT = 0x4C45415453504C31L;

    static final int START = Long.BYTES;

    private SegmentFile() {}

    static Path of(Path folder, long firstGroup) {
        return folder.resolve(String.format("%020d%s", firstGroup, SUFFIX));
    }

    static boolean isOne(Path file) {
        return file.getFileName().toString().matches("\\d{20}\\.spool");
    }

    static long firstGroup(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    }

    /// Whether the file begins as one of ours does.
    static boolean isOfThisFormat(FileChannel file) throws IOException {
        return file.size() >= START && read(file, 0, START).getLong() == FORMAT;
    }

    /// The header of the group at `offset`, if a sound one is there.
    static Optional<GroupHeader> header(FileChannel file, long offset) throws IOException {
        return file.size() - offset < GroupHeader.BYTES
                ? Optional.empty()
                : GroupHeader.read(read(file, offset, GroupHeader.BYTES));
    }

    /// The records of the group at `offset`, if they are as they were written.
    static Optional<ByteBuffer> payload(FileChannel file, long offset, GroupHeader header)
            throws IOException {
        if (file.size() - offset < header.sizeBytes()) {
            return Optional.empty();
        }
        ByteBuffer payload = read(file, offset + GroupHeader.BYTES, header.payloadBytes());
        return GroupHeader.checksum(payload) == header.payloadChecksum()
                ? Optional.of(payload)
                : Optional.empty();
    }

    /// Whether the file goes on behind a group at `offset` that is broken: then that is not the end
    /// that a crash left, since a group is written when the one before it is durable.
    ///
    /// @param number the group's
    static boolean goesOnBehind(FileChannel file, long offset, long number) throws IOException {
        Optional<GroupHeader> header = header(file, offset);
        if (header.isPresent()) {
            return file.size() - offset > header.get().sizeBytes();
        }
        long left = file.size() - offset;
        if (left <= GroupHeader.BYTES) {
            return false;
        }
        ByteBuffer rest = read(file, offset, Math.toIntExact(left));
        for (int at = 1; at <= rest.limit() - GroupHeader.BYTES; at++) {
            if (rest.getInt(at) == GroupHeader.MAGIC
                    && GroupHeader.read(rest.duplicate().position(at))
                            .filter(later -> later.number() == number + 1)
                            .isPresent()) {
                return true;
            }
        }
        return false;
    }

    static ByteBuffer read(FileChannel file, long offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining()) {
            if (file.read(bytes, offset + bytes.position()) < 0) {
                throw new EOFException("the file is shorter than it was");
            }
        }
        return bytes.flip();
    }

    static void write(FileChannel file, ByteBuffer bytes, long offset) throws IOException {
        long at = offset;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }
}
