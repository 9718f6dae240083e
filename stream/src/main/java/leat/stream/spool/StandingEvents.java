package leat.stream.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// Looks into a spool that another process may be filling and emptying.
public final class StandingEvents {

    private StandingEvents() {}

    /// Takes a record that stands in the spool.
    @FunctionalInterface
    public interface Visitor {
        /// Is called for each record.
        ///
        /// @param writtenMillis when it was accepted
        void visit(ProducerRecord<byte[], byte[]> record, long writtenMillis);
    }

    /// Shows every record that is durable and not marked as drained, the oldest first, to
    /// `visitor`. Shows none where there is no spool. What is drained meanwhile may be shown or
    /// not.
    ///
    /// @throws SpoolUnusable when the files cannot be read
    public static void visit(Path folder, Visitor visitor) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try {
            long drained = DrainedMark.look(folder);
            for (Path path : SpoolFiles.list(folder)) {
                try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
                    visit(file, drained, visitor);
                } catch (NoSuchFileException _) {
                    // Drained since the files were listed.
                }
            }
        } catch (IOException e) {
            throw new SpoolUnusable("cannot read the spool in " + folder, e);
        }
    }

    private static void visit(FileChannel file, long drained, Visitor visitor) throws IOException {
        if (!SegmentFile.isOfThisFormat(file)) {
            return;
        }
        long offset = SegmentFile.START;
        while (offset < file.size()) {
            Optional<GroupHeader> header = SegmentFile.header(file, offset);
            if (header.isEmpty()) {
                return; // being written
            }
            if (header.get().number() > drained) {
                Optional<ByteBuffer> payload = SegmentFile.payload(file, offset, header.get());
                if (payload.isEmpty()) {
                    return;
                }
                for (int i = 0; i < header.get().records(); i++) {
                    visitor.visit(SpooledRecord.read(payload.get()), header.get().writtenMillis());
                }
            }
            offset += header.get().sizeBytes();
        }
    }
}
