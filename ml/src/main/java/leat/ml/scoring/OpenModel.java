package leat.ml.scoring;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import leat.core.model.ModelVersion;
import leat.core.scoring.Model;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Signature;
import leat.core.scoring.Tensor;
import leat.core.tracking.TrackingRefused;
import leat.ml.online.OnlineModel;
import leat.ml.registry.Models;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A version of a model, open, and in use by any number of threads. It is closed when it was
/// retired and the last of them has left. For virtual threads, a thread for each processor
/// computes: those that compute outside of Java would keep all others waiting. Other threads
/// compute themselves.
final class OpenModel implements VersionedModel {

    private static final Logger LOG = LoggerFactory.getLogger(OpenModel.class);

    private static final int PROCESSORS = Runtime.getRuntime().availableProcessors();
    private static final ExecutorService COMPUTING =
            Executors.newFixedThreadPool(
                    PROCESSORS, Thread.ofPlatform().daemon().name("model-", 0).factory());

    private final String id;
    private final String version;
    private final Model model;
    private final JoinedRuns joined;

    /// Those of the version; they may be set while it is open.
    private volatile SortedMap<String, String> tags;

    private int users;
    private boolean retired;

    private OpenModel(ModelVersion version, Model model) {
        this.id = id(version);
        this.version = version.reference();
        this.tags = version.tags();
        this.model = model;
        this.joined = new JoinedRuns(model, COMPUTING, PROCESSORS);
    }

    /// Opens a version.
    ///
    /// @throws ModelFailed when it cannot be opened, however often
    /// @throws TrackingRefused when its files are not in the log
    /// @throws RuntimeException when it cannot be opened now
    static OpenModel of(Models models, ModelVersion version) {
        return new OpenModel(version, new ModelFiles(models, version).open());
    }

    /// The version's tags, as they were when the registry was read last.
    SortedMap<String, String> tags() {
        return tags;
    }

    /// Takes over what is said of the version now.
    void describe(ModelVersion same) {
        tags = same.tags();
    }

    /// What it is where it learns as it scores.
    Optional<OnlineModel> online() {
        return model instanceof OnlineModel online ? Optional.of(online) : Optional.empty();
    }

    /// A name may be given to another model, and its numbers begin anew.
    static String id(ModelVersion version) {
        return version.reference() + " " + version.info().id();
    }

    /// That of the version, other than its name never given twice.
    String id() {
        return id;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public Map<String, Tensor> run(Map<String, Tensor> inputs, Duration patience) {
        if (!Thread.currentThread().isVirtual()) {
            return model.run(inputs, patience);
        }
        return AwaitedRun.result(COMPUTING.submit(() -> model.run(inputs, patience)));
    }

    /// The same for many who ask for a few rows each, as [JoinedRuns] computes them.
    ///
    /// @param mostRows of several requests in a run; 1 has each computed alone
    Model joining(int mostRows) {
        return joined.upTo(JoinedRuns.mostRows(tags, mostRows));
    }

    /// Whether it may be used, until [#leave].
    synchronized boolean enter() {
        if (retired) {
            return false;
        }
        users++;
        return true;
    }

    void leave() {
        boolean last;
        synchronized (this) {
            users--;
            last = retired && users == 0;
        }
        if (last) {
            close();
        }
    }

    /// Nobody enters any more.
    void retire() {
        boolean last;
        synchronized (this) {
            last = !retired && users == 0;
            retired = true;
        }
        if (last) {
            close();
        }
    }

    private void close() {
        try {
            ModelFiles.close(model);
        } catch (IllegalStateException e) {
            LOG.atWarn().setCause(e).addKeyValue("version", version).log("A model was not closed");
        }
    }
}
