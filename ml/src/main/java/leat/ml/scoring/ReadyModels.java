package leat.ml.scoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import leat.core.model.ModelReference;
import leat.core.model.ModelVersion;
import leat.core.model.ResolvedModel;
import leat.core.prediction.Standing;
import leat.core.scoring.ModelFailed;
import leat.core.scoring.Predicted;
import leat.core.scoring.PredictionRequest;
import leat.core.tracking.TrackingRefused;
import leat.ml.online.OnlineModel;
import leat.ml.registry.Models;
import leat.stream.log.LogUnavailable;
import leat.stream.log.OncePerMinute;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The versions that some aliases of a model mean, all of them open. A thread of its own follows
/// the registry and opens what an alias means next, so that those who ask never wait: what stands
/// ready is exchanged as a whole, and whoever is in it goes on with it to the end. An alias whose
/// version cannot be opened means what it meant before. For many threads.
public final class ReadyModels implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ReadyModels.class);

    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

    private final Models models;
    private final String model;
    private final Optional<String> set;
    private final List<String> aliases;
    private final ScheduledExecutorService thread;
    private final Map<String, Standing> recorded = new ConcurrentHashMap<>();

    /// When a version that could not be opened is tried again, by its id; of the one thread.
    private final Map<String, Long> retryNanos = new HashMap<>();

    private final OncePerMinute failing = new OncePerMinute();

    /// Those who wait for something to stand ready wait for this.
    private final Object changes = new Object();

    private volatile Ready current = new Ready(Map.of(), Map.of());
    private volatile String absence = "the registry was not read yet";

    private ReadyModels(Models models, String model, Optional<String> set, List<String> aliases) {
        this.models = models;
        this.model = model;
        this.set = set;
        this.aliases = List.copyOf(aliases);
        this.thread =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("models-" + model).factory());
    }

    /// Begins to follow the aliases of a model.
    ///
    /// @param models stays open when this is closed
    /// @param set the feature set that its versions are given; empty where they are given the
    ///   features of a view
    /// @param aliases the first one keeps what it meant when it is removed, the others end then
    /// @param interval between two looks into the registry
    public static ReadyModels follow(
            Models models,
            String model,
            Optional<String> set,
            List<String> aliases,
            Duration interval) {
        ReadyModels ready = new ReadyModels(models, model, set, aliases);
        Future<?> _ =
                ready.thread.scheduleWithFixedDelay(
                        ready::lookOrLog, 0, interval.toNanos(), TimeUnit.NANOSECONDS);
        return ready;
    }

    /// What stands ready at one instant. Whoever entered it closes it.
    public static final class Ready implements AutoCloseable {
        private final Map<String, Standing> standings;
        private final Map<String, OpenModel> open;

        private Ready(Map<String, Standing> standings, Map<String, OpenModel> open) {
            this.standings = Map.copyOf(standings);
            this.open = Map.copyOf(open);
        }

        /// By alias, of those that mean a version.
        public Map<String, Standing> standings() {
            return standings;
        }

        /// Asks one of the versions for all rows, in runs that each have the request's time; of a
        /// run that fails, the rows that are to blame fail alone.
        ///
        /// @param version `failure-risk/3`, one of [#standings]
        /// @param all after which no run begins any more; the rest fails
        public List<Predicted> predict(String version, PredictionRequest request, Duration all) {
            OpenModel asked = Objects.requireNonNull(open.get(version), version);
            return Asking.inParts(asked, request, all);
        }

        /// What one of the versions is where it learns as it scores.
        public Optional<OnlineModel> online(String version) {
            return Optional.ofNullable(open.get(version)).flatMap(OpenModel::online);
        }

        private boolean enter() {
            List<OpenModel> entered = new ArrayList<>();
            for (OpenModel one : open.values()) {
                if (!one.enter()) {
                    entered.forEach(OpenModel::leave);
                    return false;
                }
                entered.add(one);
            }
            return true;
        }

        @Override
        public void close() {
            open.values().forEach(OpenModel::leave);
        }
    }

    /// What stands ready now; empty while the first alias means nothing that can be opened.
    public Optional<Ready> enter() {
        while (true) {
            Ready now = current;
            if (!now.standings().containsKey(aliases.getFirst())) {
                return Optional.empty();
            }
            if (now.enter()) {
                return Optional.of(now);
            }
        }
    }

    /// Waits until something stands ready, and enters it.
    public Ready await() throws InterruptedException {
        synchronized (changes) {
            Optional<Ready> ready = enter();
            while (ready.isEmpty()) {
                changes.wait();
                ready = enter();
            }
            return ready.get();
        }
    }

    /// Why nothing stands ready, for people.
    public String absence() {
        return absence;
    }

    /// Says what the aliases meant when this model predicted last: it is what they mean while what
    /// they mean now cannot be opened, and what the first one means while it means nothing.
    public void recorded(Collection<Standing> standings) {
        standings.forEach(standing -> recorded.put(standing.alias(), standing));
    }

    private void lookOrLog() {
        try {
            look();
        } catch (LogUnavailable e) {
            absent(String.valueOf(e.getMessage()));
            LOG.atDebug().setCause(e).log("The registry of models cannot be read");
        } catch (RuntimeException e) {
            absent(String.valueOf(e.getMessage()));
            if (failing.isDue()) {
                LOG.atError()
                        .addKeyValue("model", model)
                        .setCause(e)
                        .log("The aliases of a model cannot be followed");
            }
        }
    }

    /// Says once what is missing, where nothing stands ready for it.
    private void absent(String why) {
        if (!why.equals(absence) && !current.standings().containsKey(aliases.getFirst())) {
            LOG.atWarn()
                    .addKeyValue("model", model)
                    .addKeyValue("reason", why)
                    .log("No version of a model stands ready; what it scores waits");
        }
        absence = why;
    }

    private void look() {
        Ready before = current;
        Map<String, OpenModel> open = new HashMap<>(before.open);
        Map<String, Standing> standings = new LinkedHashMap<>();
        try {
            for (String alias : aliases) {
                standing(alias, before, open).ifPresent(one -> standings.put(alias, one));
            }
        } catch (RuntimeException e) {
            retire(open, before.open);
            throw e;
        }
        if (standings.equals(before.standings) && open.equals(before.open)) {
            return;
        }
        open.keySet().retainAll(standings.values().stream().map(Standing::version).toList());
        current = new Ready(standings, open);
        synchronized (changes) {
            changes.notifyAll();
        }
        retire(before.open, open);
        LOG.atInfo()
                .addKeyValue("model", model)
                .addKeyValue("versions", standings.values())
                .log("Versions of a model stand ready");
    }

    private static void retire(Map<String, OpenModel> those, Map<String, OpenModel> but) {
        those.forEach((version, one) -> {
            if (!one.equals(but.get(version))) {
                one.retire();
            }
        });
    }

    /// @param open gets the version that is meant
    private Optional<Standing> standing(String alias, Ready before, Map<String, OpenModel> open) {
        Optional<Standing> kept = Optional.ofNullable(before.standings.get(alias));
        try {
            ResolvedModel resolved = models.resolve(new ModelReference.Aliased(model, alias));
            if (opens(resolved.version(), open)) {
                return Optional.of(
                        new Standing(alias, resolved.version().reference(), resolved.position()));
            }
            return kept.or(() -> recorded(alias, open));
        } catch (TrackingRefused e) {
            if (!alias.equals(aliases.getFirst())) {
                return Optional.empty();
            }
            absent(String.valueOf(e.getMessage()));
            return kept.or(() -> recorded(alias, open));
        }
    }

    private Optional<Standing> recorded(String alias, Map<String, OpenModel> open) {
        Standing standing = recorded.get(alias);
        if (standing == null) {
            return Optional.empty();
        }
        try {
            ModelVersion version =
                    models.resolve(ModelReference.parse(standing.version())).version();
            return opens(version, open) ? Optional.of(standing) : Optional.empty();
        } catch (TrackingRefused e) {
            LOG.atDebug().setCause(e).log("The version that predicted last is gone");
            return Optional.empty();
        }
    }

    /// Whether the version is open, now or already.
    private boolean opens(ModelVersion version, Map<String, OpenModel> open) {
        OpenModel already = open.get(version.reference());
        String id = OpenModel.id(version);
        if (already != null && already.id().equals(id)) {
            return true;
        }
        Long retry = retryNanos.get(id);
        if (retry != null && System.nanoTime() - retry < 0) {
            return false;
        }
        try {
            refuseOthers(version);
            open.put(version.reference(), OpenModel.of(models, version));
            retryNanos.remove(id);
            return true;
        } catch (ModelFailed | TrackingRefused e) {
            // To open the same once more is of no use.
            failed(version, e, Duration.ofDays(1));
        } catch (RuntimeException | LinkageError e) {
            failed(version, e, PAUSE_AFTER_FAILURE);
        }
        return false;
    }

    /// Of a version that does not say what it takes, it is the user who knows.
    private void refuseOthers(ModelVersion version) {
        boolean says = version.set().isPresent() || version.view().isPresent();
        if (version.set().equals(set) || !says) {
            return;
        }
        throw new ModelFailed(
                "it takes "
                        + version.set()
                                .map(other -> "the feature set " + other)
                                .orElse("the vectors of a view")
                        + ", and not "
                        + set.map(own -> "the feature set " + own).orElse("the vectors of a view"));
    }

    private void failed(ModelVersion version, Throwable why, Duration pause) {
        retryNanos.put(OpenModel.id(version), System.nanoTime() + pause.toNanos());
        absent(version.reference() + ": " + why.getMessage());
        LOG.atError()
                .addKeyValue("version", version.reference())
                .addKeyValue("reason", why.getMessage())
                .log("A version of a model cannot be opened; the one before goes on");
    }

    @Override
    public void close() {
        // A look that is in a file of the log is waited for: it must open nothing afterwards.
        thread.close();
        Ready last = current;
        current = new Ready(Map.of(), Map.of());
        last.open.values().forEach(OpenModel::retire);
    }
}
