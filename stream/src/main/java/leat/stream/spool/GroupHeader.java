package leat.stream.spool;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What stands before a group: the records that one fsync made durable together.
///
/// ```
/// int magic, long number, long milliseconds since 1970, int records, int payload's length,
/// int payload's CRC32C, int CRC32C of all before
/// ```
///
/// @param number 1 for a spool's first group, then one more each
/// @param writtenMillis when the group was written
/// @param records how many are in it
/// @param payloadBytes how long they are together
/// @param payloadChecksum their CRC32C
record GroupHeader(
        long number, long writtenMillis, int records, int payloadBytes, int payloadChecksum) {

    static final int BYTES = 36;

    /// `LSPG`
    static final int MAGIC = 0x4C535047;

    private static final int CHECKED_BYTES = BYTES - Integer.BYTES;

    void write(ByteBuffer out) {
        int start = out.position();
        out.putInt(MAGIC).putLong(number).putLong(writtenMillis);
        out.putInt(records).putInt(payloadBytes).putInt(payloadChecksum);
        out.putInt(checksum(out.slice(start, CHECKED_BYTES)));
    }

    /// The header at the buffer's position, if there is a sound one.
    static Optional<GroupHeader> read(ByteBuffer in) {
        if (in.remaining() < BYTES || in.getInt(in.position()) != MAGIC) {
            return Optional.empty();
        }
        ByteBuffer header = in.slice(in.position(), BYTES);
        if (header.getInt(CHECKED_BYTES) != checksum(header.slice(0, CHECKED_BYTES))) {
            return Optional.empty();
        }
        header.getInt();
        return Optional.of(
                new GroupHeader(
                        header.getLong(),
                        header.getLong(),
                        header.getInt(),
                        header.getInt(),
                        header.getInt()));
    }

    int sizeBytes() {
        return BYTES + payloadBytes;
    }

    static int checksum(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate());
        return (int) checksum.getValue();
    }
}
