package leat.ml.training;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import leat.core.monitor.ModelRule;
import leat.core.tracking.Run;
import leat.core.tracking.TrackingRefused;
import leat.core.training.Cause;
import leat.core.training.Training;
import leat.core.training.Triggers;
import leat.stream.log.LogUnavailable;
import leat.stream.log.StageHealth;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Trains models by themselves: one thread looks at one after the other, and trains those for which
/// there is a cause. It knows nothing but what the log says, so that it makes no difference when,
/// or how often, its process is killed.
public final class TrainingWatch implements AutoCloseable {

    /// The role's name.
    public static final String ROLE = "trainer";

    private static final Logger LOG = LoggerFactory.getLogger(TrainingWatch.class);

    /// For what is learned at the moment; what goes on longer is left to the log.
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

    /// What the watching of a model finds that another training may mend; others, e.g. that no
    /// vectors come, it does not.
    private static final Set<String> LEARNT_AWAY =
            EnumSet.of(
                            ModelRule.FEATURE_DRIFT,
                            ModelRule.SCORE_DRIFT,
                            ModelRule.MISSING_VALUES,
                            ModelRule.PRECISION,
                            ModelRule.RECALL)
                    .stream()
                    .map(ModelRule::id)
                    .collect(Collectors.toUnmodifiableSet());

    private final Trainer trainer;
    private final Trainer.Place place;
    private final Duration interval;
    private final OpenAlerts alerts;
    private final Map<Training, Sight> watched = new LinkedHashMap<>();
    private final Map<String, StageHealth> health = new ConcurrentSkipListMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;

    /// Ends what is being trained when the watch is closed.
    private static final class Closed extends RuntimeException {}

    /// A training to watch.
    ///
    /// @param scorings of the model, `failure-risk.v1`, as alerts about its predictions name them
    public record Watched(Training training, Set<String> scorings) {
        public Watched {
            scorings = Set.copyOf(scorings);
        }
    }

    private TrainingWatch(
            Trainer.Place place,
            TrainerSettings settings,
            OpenAlerts alerts,
            List<Watched> trainings) {
        this.place = place;
        this.interval = settings.lookInterval();
        this.alerts = alerts;
        this.trainer = new Trainer(place);
        for (Watched one : trainings) {
            Training training = one.training();
            watched.put(
                    training,
                    new Sight(
                            training,
                            one.scorings(),
                            new NewLabels(place.log(), place.names(), training.data())));
            health.put(training.name().value(), new StageHealth.Starting());
        }
        this.thread = Thread.ofPlatform().daemon().name(ROLE).unstarted(this::work);
    }

    /// Begins to watch.
    ///
    /// @param trainings with triggers
    /// @throws TrainingStopped when one could never be trained
    public static TrainingWatch start(
            Trainer.Place place,
            TrainerSettings settings,
            OpenAlerts alerts,
            List<Watched> trainings) {
        for (Watched one : trainings) {
            Learning _ = new Learning(one.training(), TrainingProgress.NONE);
        }
        TrainingWatch watch = new TrainingWatch(place, settings, alerts, trainings);
        watch.thread.start();
        return watch;
    }

    private void work() {
        try {
            do {
                for (Map.Entry<Training, Sight> one : watched.entrySet()) {
                    if (closing.getCount() > 0) {
                        look(one.getKey(), one.getValue());
                    }
                }
            } while (!closing.await(interval.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (Closed _) {
            LOG.info("A training was ended with its process; the next one begins it anew");
        } finally {
            String why = closing.getCount() > 0 ? "it failed, see the process's log" : "";
            health.replaceAll((_, _) -> new StageHealth.Stopped(why));
        }
    }

    private void look(Training training, Sight sight) {
        String name = training.name().value();
        try {
            Optional<TrainingReport> report =
                    trainer.trainFor(training, () -> cause(training, sight), this::goOn);
            health.put(name, new StageHealth.Running(Map.of()));
            report.ifPresent(TrainingWatch::tell);
        } catch (Closed e) {
            throw e;
        } catch (TrainingStopped e) {
            impeded(name, e.getMessage() + "; " + e.remedy());
        } catch (LogUnavailable | TrackingRefused e) {
            impeded(name, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            impeded(name, e.toString());
            LOG.atError().setCause(e).addKeyValue("training", name).log("A training broke off");
        }
    }

    private void impeded(String name, String why) {
        StageHealth before =
                health.put(name, new StageHealth.Retrying(place.clock().instant(), why));
        if (!(before instanceof StageHealth.Retrying retrying && retrying.why().equals(why))) {
            LOG.atWarn()
                    .addKeyValue("training", name)
                    .addKeyValue("why", why)
                    .log("A model is not trained");
        }
    }

    private static void tell(TrainingReport report) {
        LOG.atInfo()
                .addKeyValue("training", report.training())
                .addKeyValue("version", report.version())
                .addKeyValue("passed", report.passed())
                .log("A model was trained by itself");
    }

    private void goOn(String phase, long done, long total) {
        if (closing.getCount() == 0) {
            throw new Closed();
        }
    }

    private Optional<Cause> cause(Training training, Sight sight) {
        Instant now = place.clock().instant();
        return training.triggers().due(trainer.runs(training).past(), now, sight);
    }

    /// What the log shows of one training.
    private final class Sight implements Triggers.Sight {

        private final Training training;
        private final Set<String> vectors;
        private final Set<String> scorings;
        private final NewLabels labels;

        private Sight(Training training, Set<String> scorings, NewLabels labels) {
            this.training = training;
            this.vectors =
                    training.data().views().stream()
                            .map(view -> view.contract().nameAndMajor())
                            .collect(Collectors.toUnmodifiableSet());
            this.scorings = scorings;
            this.labels = labels;
        }

        @Override
        public Collection<String> openAlerts() {
            Set<String> subjects = new HashSet<>(scorings);
            subjects.addAll(vectors);
            return alerts.about(subjects).stream()
                    .filter(alert ->
                            vectors.contains(alert.subject()) || LEARNT_AWAY.contains(alert.rule()))
                    .map(alert -> alert.name().replace(' ', '_'))
                    .toList();
        }

        @Override
        public Optional<String> labels(long atLeast) {
            PastRuns runs = trainer.runs(training);
            Optional<Run> last = runs.lastAnswer();
            return labels.atLeast(
                    atLeast,
                    last.map(run -> run.info().id()).orElse(""),
                    () -> last.flatMap(runs::dataset));
        }
    }

    /// How each training is doing, by its name.
    public Map<String, StageHealth> health() {
        return new TreeMap<>(health);
    }

    /// Ends what is being trained, as soon as it can be; who watches next begins it anew.
    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(CLOSE_PATIENCE)) {
                LOG.info("A training goes on until the process ends");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        trainer.close();
    }
}
