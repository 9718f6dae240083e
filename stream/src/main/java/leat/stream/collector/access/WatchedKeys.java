package leat.stream.collector.access;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import leat.core.yaml.Checked;
import leat.core.yaml.Problem;
import leat.core.yaml.ProblemsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The keys of a file, followed as it changes. A file that cannot be used, or is gone, leaves the
/// keys as they were and is told of in the log and by `leat_collector_keys_file_sound`.
public final class WatchedKeys implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedKeys.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final Path file;
    private final KeyAccess access;
    private final AccessMetrics metrics;
    private final FileWatch watch;
    private Checked<KeyFile> last;

    private WatchedKeys(Path file, AccessMetrics metrics, Duration interval) {
        this.file = file;
        this.metrics = metrics;
        this.last = KeyFile.read(file);
        this.access =
                new KeyAccess(last.orThrow(), InstantSource.system(), System::nanoTime, metrics);
        this.watch = FileWatch.start(List.of(file), interval, this::reread);
    }

    /// Reads the file and follows it; a change counts within a second.
    ///
    /// @throws ProblemsException when it cannot be used as it is now
    public static WatchedKeys open(Path file, AccessMetrics metrics) {
        return open(file, metrics, INTERVAL);
    }

    static WatchedKeys open(Path file, AccessMetrics metrics, Duration interval) {
        WatchedKeys keys = new WatchedKeys(file, metrics, interval);
        LOG.atInfo()
                .addKeyValue("file", file)
                .addKeyValue("keys", keys.access.size())
                .log("Letting in who holds a key");
        return keys;
    }

    /// Who is let in.
    public Access access() {
        return access;
    }

    private void reread() {
        Checked<KeyFile> now = KeyFile.read(file);
        if (now.equals(last)) {
            return;
        }
        last = now;
        switch (now) {
            case Checked.Sound<KeyFile>(KeyFile sound) -> {
                access.replace(sound);
                metrics.keysFileSound(true);
                LOG.atInfo()
                        .addKeyValue("file", file)
                        .addKeyValue("keys", sound.keys().size())
                        .log("The keys have changed");
            }
            case Checked.Faulty<KeyFile>(List<Problem> problems) -> {
                metrics.keysFileSound(false);
                LOG.atError()
                        .addKeyValue("file", file)
                        .addKeyValue("problems", problems)
                        .log("The file of keys cannot be used, the keys stay as they were");
            }
        }
    }

    @Override
    public void close() {
        watch.close();
    }
}
