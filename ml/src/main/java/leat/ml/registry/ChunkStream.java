package leat.ml.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.InputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import leat.core.artifact.Artifact;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// The bytes of a file as they come from the log. Its last chunk is given out when all of them
/// together are what was uploaded. For one thread.
final class ChunkStream extends InputStream {

    private static final Duration POLL = Duration.ofMillis(100);

    /// For one chunk.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Artifact artifact;
    private final Consumer<byte[], byte[]> consumer;
    private final TopicPartition partition;
    private final Runnable closing;
    private final MessageDigest digest = Spool.sha256();
    private Iterator<ConsumerRecord<byte[], byte[]>> fetched = Collections.emptyIterator();
    private byte[] chunk = new byte[0];
    private int at;
    private int next;
    private long sizeBytes;
    private boolean closed;

    /// @param consumer is closed with this
    /// @param closing is run once, when this is closed
    ChunkStream(
            Artifact artifact,
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Runnable closing) {
        this.artifact = artifact;
        this.consumer = consumer;
        this.partition = partition;
        this.closing = closing;
        consumer.assign(List.of(partition));
        if (artifact.chunks() > 0) {
            consumer.seek(partition, artifact.first());
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        while (at == chunk.length) {
            if (next == artifact.chunks()) {
                return -1;
            }
            take(nextRecord());
        }
        int count = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, bytes, offset, count);
        at += count;
        return count;
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null
                || !new String(record.key(), UTF_8)
                        .equals(ChunkRecords.key(artifact.upload(), next))) {
            throw missing();
        }
        byte[] value = record.value();
        digest.update(value);
        sizeBytes += value.length;
        next++;
        if (next == artifact.chunks()) {
            checkWhole();
        }
        chunk = value;
        at = 0;
    }

    private ArtifactDamaged missing() {
        return new ArtifactDamaged(
                artifact.path(),
                "chunk "
                        + (next + 1)
                        + " of "
                        + artifact.chunks()
                        + " is not in topic "
                        + partition.topic()
                        + ", maybe since the file was replaced or deleted in the meantime");
    }

    private void checkWhole() {
        String sha256 = HexFormat.of().formatHex(digest.digest());
        if (sizeBytes != artifact.sizeBytes() || !sha256.equals(artifact.sha256())) {
            throw new ArtifactDamaged(
                    artifact.path(),
                    "its "
                            + sizeBytes
                            + " bytes have the SHA-256 "
                            + sha256
                            + " instead of "
                            + artifact.sha256());
        }
    }

    private ConsumerRecord<byte[], byte[]> nextRecord() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            while (!fetched.hasNext()) {
                if (consumer.position(partition) > artifact.last()) {
                    throw missing();
                }
                if (System.nanoTime() > deadline) {
                    throw new LogUnavailable(
                            "a part of "
                                    + artifact.path()
                                    + " did not come within "
                                    + PATIENCE.toSeconds()
                                    + " s",
                            null);
                }
                fetched = consumer.poll(POLL).records(partition).iterator();
            }
            return fetched.next();
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot read " + partition.topic(), e);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            try {
                consumer.close();
            } finally {
                closing.run();
            }
        }
    }
}
