package leat.ml.registry;

import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import leat.core.artifact.Artifact;
import leat.core.artifact.ArtifactEntry;
import leat.core.artifact.ArtifactFold;
import leat.core.artifact.ArtifactPath;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.ml.fold.FoldedTopic;
import leat.ml.fold.Folding;
import leat.ml.fold.Outbox;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/// Artifacts in the log. A file's chunks and the record that says where they are are written in one
/// transaction, with what takes the chunks of a file that it replaces away.
public final class ArtifactLog implements Artifacts, AutoCloseable {

    private static final String CLIENT_ID = "leat-artifact-chunks";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// Of 256 MiB each on the disk at most.
    private static final int UPLOADS = 8;

    /// Of some megabytes each in memory.
    private static final int DOWNLOADS = 16;

    private final LogConnection log;
    private final Path spoolFolder;
    private final InstantSource clock;
    private final ArtifactRecords records;
    private final ChunkRecords chunks;
    private final FoldedTopic<ArtifactFold> folded;
    private final Semaphore uploads = new Semaphore(UPLOADS);
    private final Semaphore downloads = new Semaphore(DOWNLOADS);

    /// The topics have to be there when it is asked for the first time.
    ///
    /// @param spoolFolder for uploads until they are in the log
    /// @param clock says when files were uploaded
    public ArtifactLog(LogConnection log, Names names, Path spoolFolder, InstantSource clock) {
        RegistryTopics topics = new RegistryTopics(names);
        this.log = log;
        this.spoolFolder = spoolFolder;
        this.clock = clock;
        this.records = new ArtifactRecords(topics.artifacts());
        this.chunks = new ChunkRecords(topics.chunks());
        this.folded =
                new FoldedTopic<>(
                        log,
                        new FoldedTopic.Place(
                                names, RegistryTopics.ARTIFACTS, Duration.ofSeconds(60)),
                        new OfFiles(records));
    }

    private record OfFiles(ArtifactRecords records) implements Folding<ArtifactFold> {
        @Override
        public ArtifactFold empty() {
            return new ArtifactFold();
        }

        @Override
        public void apply(ArtifactFold state, ConsumerRecord<byte[], byte[]> record) {
            ArtifactRecords.Read read = records.read(record);
            state.apply(read.path(), read.artifact());
        }
    }

    @Override
    public void put(ArtifactPath path, InputStream content) {
        acquire(uploads, "uploads");
        try (Spool spool = Spool.of(spoolFolder, path, content)) {
            String upload = UUID.randomUUID().toString();
            folded.write(state -> {
                Optional<Artifact> known = state.file(path);
                if (known.filter(file -> file.upload().equals(upload)).isPresent()) {
                    return Optional.empty();
                }
                state.checkRoom(path);
                return Optional.of(outbox -> send(path, upload, spool, known, outbox));
            });
        } finally {
            uploads.release();
        }
    }

    private void send(
            ArtifactPath path,
            String upload,
            Spool spool,
            Optional<Artifact> replaced,
            Outbox outbox) {
        Outbox.Offsets offsets =
                spool.chunks() == 0
                        ? new Outbox.Offsets(-1, -1)
                        : outbox.sendAll(spool.records(chunks, upload));
        FailPoint.reach("artifacts.after-chunks");
        replaced.ifPresent(file -> chunks.deleted(file).forEach(outbox::send));
        outbox.send(
                records.of(
                        new Artifact(
                                path,
                                upload,
                                spool.sizeBytes(),
                                spool.sha256Text(),
                                spool.chunks(),
                                offsets.first(),
                                offsets.last(),
                                clock.millis())));
    }

    @Override
    public Optional<Artifact> file(ArtifactPath path) {
        return folded.read(state -> state.file(path));
    }

    @Override
    public List<Artifact> below(ArtifactPath folder) {
        return folded.read(state -> state.below(folder));
    }

    @Override
    public List<ArtifactEntry> list(ArtifactPath folder) {
        return folded.read(state -> state.list(folder));
    }

    @Override
    public InputStream open(Artifact artifact) {
        acquire(downloads, "downloads");
        Consumer<byte[], byte[]> consumer = null;
        try {
            consumer =
                    log.pastReader(
                            CLIENT_ID, Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20));
            return new ChunkStream(
                    artifact, consumer, new TopicPartition(chunks.topic(), 0), downloads::release);
        } catch (KafkaException e) {
            downloads.release();
            if (consumer != null) {
                consumer.close();
            }
            throw new LogUnavailable("cannot read " + chunks.topic(), e);
        }
    }

    @Override
    public void delete(ArtifactPath path) {
        folded.write(state -> {
            List<Artifact> files = new ArrayList<>(state.below(path));
            state.file(path).ifPresent(files::add);
            return files.isEmpty()
                    ? Optional.empty()
                    : Optional.of(outbox -> files.forEach(file -> delete(file, outbox)));
        });
    }

    private void delete(Artifact file, Outbox outbox) {
        for (ProducerRecord<byte[], byte[]> chunk : chunks.deleted(file)) {
            outbox.send(chunk);
        }
        outbox.send(records.deleted(file.path()));
    }

    private static void acquire(Semaphore turns, String what) {
        try {
            if (turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        throw new LogUnavailable(
                "other " + what + " have been going on for " + PATIENCE.toSeconds() + " s already",
                null);
    }

    @Override
    public void close() {
        folded.close();
    }
}
