package leat.ml.registry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.UUID;
import leat.core.artifact.ArtifactLimits;
import leat.core.artifact.ArtifactPath;
import leat.core.tracking.TrackingRefused;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// A file that was received whole and is not in the log yet. It lies on the disk, under no name, so
/// that a process that is killed leaves nothing there: a client that is slow, or goes away, keeps
/// no transaction open, and what has to be sent again is there.
final class Spool implements AutoCloseable {

    private final FileChannel file;
    private final long sizeBytes;
    private final String sha256;

    private Spool(FileChannel file, long sizeBytes, String sha256) {
        this.file = file;
        this.sizeBytes = sizeBytes;
        this.sha256 = sha256;
    }

    /// Reads the content to its end.
    ///
    /// @throws TrackingRefused when it is larger than a file may be
    /// @throws UncheckedIOException when it cannot be read to its end, or the disk does not take it
    static Spool of(Path folder, ArtifactPath path, InputStream content) {
        FileChannel file = null;
        try {
            Files.createDirectories(folder);
            file =
                    FileChannel.open(
                            folder.resolve(UUID.randomUUID() + ".part"),
                            Set.of(
                                    StandardOpenOption.CREATE_NEW,
                                    StandardOpenOption.READ,
                                    StandardOpenOption.WRITE,
                                    StandardOpenOption.DELETE_ON_CLOSE));
            MessageDigest digest = sha256();
            long size = 0;
            byte[] part = new byte[64 << 10];
            for (int read = content.read(part); read >= 0; read = content.read(part)) {
                size += read;
                if (size > ArtifactLimits.FILE_BYTES) {
                    throw TrackingRefused.invalid(
                            "The artifact '"
                                    + path
                                    + "' has more than "
                                    + ArtifactLimits.FILE_BYTES
                                    + " bytes, which is the most that one may have: keep it in an"
                                    + " object store, by the experiment's artifact_location");
                }
                digest.update(part, 0, read);
                write(file, ByteBuffer.wrap(part, 0, read));
            }
            return new Spool(file, size, HexFormat.of().formatHex(digest.digest()));
        } catch (IOException e) {
            close(file, e);
            throw new UncheckedIOException(e);
        } catch (RuntimeException e) {
            close(file, e);
            throw e;
        }
    }

    private static void write(FileChannel file, ByteBuffer part) throws IOException {
        while (part.hasRemaining()) {
            file.write(part);
        }
    }

    private static void close(@Nullable FileChannel file, Exception e) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException suppressed) {
                e.addSuppressed(suppressed);
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    long sizeBytes() {
        return sizeBytes;
    }

    String sha256Text() {
        return sha256;
    }

    int chunks() {
        return Math.toIntExact(Math.ceilDiv(sizeBytes, ArtifactLimits.CHUNK_BYTES));
    }

    /// Its records, each read from the disk when it is asked for.
    Iterator<ProducerRecord<byte[], byte[]>> records(ChunkRecords records, String upload) {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < chunks();
            }

            @Override
            public ProducerRecord<byte[], byte[]> next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                byte[] bytes = chunk(next);
                return records.of(upload, next++, bytes);
            }
        };
    }

    private byte[] chunk(int number) {
        long start = (long) number * ArtifactLimits.CHUNK_BYTES;
        ByteBuffer bytes =
                ByteBuffer.allocate((int) Math.min(ArtifactLimits.CHUNK_BYTES, sizeBytes - start));
        try {
            while (bytes.hasRemaining()) {
                if (file.read(bytes, start + bytes.position()) < 0) {
                    throw new IOException("the file for an upload was cut off");
                }
            }
            return bytes.array();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
