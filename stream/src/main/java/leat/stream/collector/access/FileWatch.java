package leat.stream.collector.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells when one of a few files may have changed, by looking at their times, sizes and inodes at
/// intervals. It works for what is mounted, replaced or linked, where notifications do not.
public final class FileWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FileWatch.class);

    /// A file written within this time may be written again without its time changing.
    private static final Duration FRESH = Duration.ofSeconds(2);

    private final List<Path> files;
    private final Duration interval;
    private final Runnable changed;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private List<Look> seen;

    private record Look(boolean there, Object fileKey, long size, Instant modified) {}

    private FileWatch(List<Path> files, Duration interval, Runnable changed) {
        this.files = List.copyOf(files);
        this.interval = interval;
        this.changed = changed;
        this.seen = look();
        this.thread = Thread.ofVirtual().name("file-watch").start(this::watch);
    }

    /// Starts to watch. `changed` is called on one thread, also for what turns out to be the same;
    /// what it throws is logged and does not end the watch.
    public static FileWatch start(List<Path> files, Duration interval, Runnable changed) {
        return new FileWatch(files, interval, changed);
    }

    private void watch() {
        try {
            while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
                List<Look> now = look();
                if (!now.equals(seen) || now.stream().anyMatch(FileWatch::isFresh)) {
                    seen = now;
                    call();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void call() {
        try {
            changed.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).addKeyValue("files", files).log("Cannot use changed files");
        }
    }

    private static boolean isFresh(Look look) {
        return look.there() && look.modified().isAfter(Instant.now().minus(FRESH));
    }

    private List<Look> look() {
        return files.stream().map(FileWatch::look).toList();
    }

    private static Look look(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Look(
                    true,
                    Objects.requireNonNullElse(attributes.fileKey(), ""),
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant());
        } catch (IOException _) {
            // Not there, or not to be read: whoever reads it says so.
            return new Look(false, "", 0, Instant.EPOCH);
        }
    }

    @Override
    public void close() {
        closing.countDown();
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
