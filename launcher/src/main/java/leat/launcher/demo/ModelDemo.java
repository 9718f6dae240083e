package leat.launcher.demo;

import java.net.URI;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.event.EventGenerator;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.prediction.Scoring;
import leat.core.yaml.NearestName;
import leat.launcher.UserError;
import leat.launcher.config.Workspace;
import leat.stream.log.EventHeader;
import leat.stream.log.KafkaLogReader;
import leat.stream.log.LogConnection;
import leat.stream.send.ClientAccess;
import org.apache.kafka.common.TopicPartition;

/// The models of a workspace in a demo: the sources' past is sent, models are trained on it and
/// predict of what follows; meanwhile versions are offered that their gates have to stop, and what
/// answers is trained once more, tried beside the version before, and promoted.
///
/// It does what `leat train` and `leat models promote` do, and knows nothing of what is predicted.
public final class ModelDemo implements AutoCloseable {

    private final Workspace workspace;
    private final Consumer<String> view;
    private final Consumer<String> told;
    private final Demo.Size size;
    private final SourceTime time;
    private final GeneratedLoad load;
    private final LivePredictions predictions;
    private final FlowWatch watch;
    private final DemoTrainings trainings;
    private final DemoVersions versions;
    private final Patience patience;
    private final List<String> enriched;
    private volatile long liveNanos;
    private final FutureTask<Boolean> offering = new FutureTask<>(this::offer, true);

    /// Where it shows and sends.
    ///
    /// @param view is told five times a second how it goes, in one line
    /// @param told is told once what is done, in lines that stay
    public record Place(
            Workspace workspace,
            LogConnection log,
            URI collector,
            int portOffset,
            ClientAccess access,
            Consumer<String> view,
            Consumer<String> told) {}

    private ModelDemo(Place place, EventGenerator generator, Demo.Size size) {
        this.workspace = place.workspace();
        this.view = place.view();
        this.told = place.told();
        this.size = size;
        this.patience = new Patience(place.view(), place.told());
        this.trainings =
                new DemoTrainings(workspace, place.log(), place.portOffset(), place.view());
        Names names = workspace.names();
        List<Contract> contracts =
                generator.contracts().stream()
                        .map(name -> workspace.contracts().find(name.value()).orElseThrow())
                        .toList();
        this.enriched = contracts.stream().map(names::enriched).toList();
        this.time =
                SourceTime.of(
                        size,
                        workspace.config().demo().history(),
                        Instant.now(),
                        newest(place.log(), enriched.getFirst(), contracts.getFirst()));
        this.predictions = new LivePredictions(names, workspace.scorings());
        // A successor is tried on a step of all sources.
        this.versions = new DemoVersions(workspace, trainings, predictions, size.sources(), told);
        this.watch =
                new FlowWatch(
                        place.log(),
                        topics(names),
                        ChronoUnit.MICROS.between(Instant.EPOCH, time.live()),
                        predictions::take);
        this.load =
                GeneratedLoad.start(
                        place.collector(),
                        place.access(),
                        new GeneratedLoad.Score(
                                generator,
                                new EventGenerator.Plan(
                                        size.seed(),
                                        size.sources(),
                                        time.eventsPerSecond(size),
                                        time.begin()),
                                time.live(),
                                time.speed(),
                                1));
    }

    /// Whether there is anything to show.
    public static boolean has(Workspace workspace) {
        return !workspace.trainings().isEmpty() && !workspace.scorings().isEmpty();
    }

    /// Begins to send the past.
    ///
    /// @throws UserError when an offered training is not there, or the log keeps no models
    public static ModelDemo start(Place place, EventGenerator generator, Demo.Size size) {
        refuseUnknownOffers(place.workspace());
        return new ModelDemo(place, generator, size);
    }

    private static void refuseUnknownOffers(Workspace workspace) {
        List<String> known = workspace.trainings().stream().map(one -> one.name().value()).toList();
        for (String offer : workspace.config().demo().offers()) {
            if (!known.contains(offer)) {
                throw new UserError(
                        "demo.offers names '" + offer + "', which is no training",
                        NearestName.remedy(offer, known));
            }
        }
    }

    /// The time up to which the log has events.
    private static Optional<Instant> newest(LogConnection log, String topic, Contract contract) {
        long[] newest = {Long.MIN_VALUE};
        try (KafkaLogReader reader = new KafkaLogReader(log, "leat-demo-newest")) {
            for (int partition = 0; partition < contract.log().partitions(); partition++) {
                TopicPartition place = new TopicPartition(topic, partition);
                long end = reader.end(place);
                reader.read(
                        place,
                        Math.max(0, end - 1_000),
                        end,
                        record -> {
                            OptionalLong at = EventHeader.eventMicros(record.headers());
                            newest[0] = Math.max(newest[0], at.orElse(Long.MIN_VALUE));
                        });
            }
        }
        return newest[0] == Long.MIN_VALUE
                ? Optional.empty()
                : Optional.of(Instant.EPOCH.plus(newest[0], ChronoUnit.MICROS));
    }

    private List<String> topics(Names names) {
        return Stream.of(
                        enriched.stream(),
                        views().stream()
                                .flatMap(one ->
                                        Stream.of(
                                                names.enriched(one.origin()),
                                                names.vectors(one.contract()))),
                        predictions.topics().stream())
                .flatMap(topics -> topics)
                .distinct()
                .toList();
    }

    /// The views whose vectors are learned from or scored.
    private List<CompiledView> views() {
        Set<String> seen = new LinkedHashSet<>();
        return Stream.concat(
                        workspace.trainings().stream().flatMap(one -> one.data().views().stream()),
                        workspace.scorings().stream().map(Scoring::view))
                .filter(one -> seen.add(one.view().nameAndVersion()))
                .toList();
    }

    /// Waits until the past has become vectors, trains what has no version that answers, and has
    /// the time of the sources pass.
    ///
    /// @throws UserError when no vectors come
    public void goLive() {
        if (time.begin().isBefore(time.live())) {
            told.accept(
                    String.format(
                            Locale.ROOT,
                            "sends the past of %,d sources, %,d events from %s to %s, to learn"
                                    + " from",
                            size.sources(),
                            workspace.config().demo().history().events(size.sources()),
                            time.begin(),
                            time.live()));
            awaitPast();
        } else {
            told.accept("goes on at " + time.live() + ", after what the log has already");
        }
        versions.makeFirst();
        awaitScored();
        told.accept(
                String.format(
                        Locale.ROOT, "plays; a second is %.0f s for the sources", time.speed()));
        load.goLive();
        liveNanos = System.nanoTime();
        Thread.ofPlatform().name("offering").daemon().start(offering);
    }

    private void awaitPast() {
        Names names = workspace.names();
        long events = workspace.config().demo().history().events(size.sources());
        patience.await(
                () -> load.hasSentThePast() && watch.all(enriched) >= load.accepted(),
                () -> load.accepted() + watch.all(enriched),
                () ->
                        String.format(
                                Locale.ROOT,
                                "the past: accepted %,d of %,d, enriched %,d",
                                load.accepted(),
                                events,
                                watch.all(enriched)));
        for (CompiledView one : views()) {
            List<String> from = List.of(names.enriched(one.origin()));
            List<String> to = List.of(names.vectors(one.contract()));
            patience.await(
                    () -> watch.all(to) >= watch.all(from),
                    () -> watch.all(to),
                    () ->
                            String.format(
                                    Locale.ROOT,
                                    "vectors of %s: %,d of %,d",
                                    one.view().nameAndVersion(),
                                    watch.all(to),
                                    watch.all(from)));
            if (watch.all(to) == 0) {
                throw new UserError(
                        "no vectors of " + one.view().nameAndVersion() + " came",
                        "see what the features stage says: leat status");
            }
        }
    }

    /// Waits until those who answer have predicted of the past.
    private void awaitScored() {
        Names names = workspace.names();
        for (Scoring scoring : workspace.scorings()) {
            if (!versions.isAnswered(scoring)) {
                continue;
            }
            List<String> vectors = List.of(names.vectors(scoring.view().contract()));
            List<String> answers = List.of(names.predictions(scoring.contract()));
            patience.await(
                    () -> watch.all(answers) >= watch.all(vectors),
                    () -> watch.all(answers),
                    () ->
                            String.format(
                                    Locale.ROOT,
                                    "%s predicts of the past: %,d of %,d",
                                    scoring.name(),
                                    watch.all(answers),
                                    watch.all(vectors)));
        }
    }

    /// While sources play: first what is to be stopped, then what is to follow.
    private void offer() {
        versions.offer();
        awaitHalf();
        versions.succeed();
    }

    /// So that there is something newer to be judged by.
    private void awaitHalf() {
        long until = liveNanos + size.length().toNanos() / 2;
        while (System.nanoTime() < until) {
            Patience.beat();
        }
    }

    /// Shows all of it.
    public void play() {
        goLive();
        long until = System.nanoTime() + size.length().toNanos();
        while (System.nanoTime() < until || !hasOffered()) {
            view.accept(line());
            Patience.beat();
        }
        load.finish();
        settle();
    }

    /// Who sends.
    GeneratedLoad load() {
        return load;
    }

    /// Whether all that was to be offered has been.
    boolean hasOffered() {
        return offering.isDone();
    }

    /// What has become of the predictions so far.
    public List<ModelOutcome> outcomes() {
        return predictions.outcomes();
    }

    /// The versions that were offered while sources played, in their order.
    public List<OfferedVersion> offered() {
        return versions.offered();
    }

    /// In one line, of the scoring that has most to say.
    String line() {
        List<String> parts = new ArrayList<>();
        for (ModelOutcome outcome : outcomes()) {
            parts.add(
                    outcome.scoring()
                            + String.format(Locale.ROOT, " %,d", outcome.predictions())
                            + outcome.precision()
                                    .map(value ->
                                            String.format(Locale.ROOT, " precision %.2f", value))
                                    .orElse("")
                            + outcome.leadSeconds()
                                    .map(value -> String.format(Locale.ROOT, " lead %.0f s", value))
                                    .orElse(""));
        }
        return String.join(", ", parts);
    }

    /// Waits until all that came as vectors while it played has its predictions.
    ///
    /// @throws IllegalStateException when what was to be offered failed
    public void settle() {
        Names names = workspace.names();
        for (Scoring scoring : workspace.scorings()) {
            if (!versions.isAnswered(scoring)) {
                continue;
            }
            List<String> events = List.of(names.enriched(scoring.view().origin()));
            List<String> vectors = List.of(names.vectors(scoring.view().contract()));
            List<String> answers = List.of(names.predictions(scoring.contract()));
            patience.await(
                    () ->
                            watch.all(vectors) >= watch.all(events)
                                    && watch.all(answers) >= watch.all(vectors),
                    () -> watch.all(vectors) + watch.all(answers),
                    () ->
                            String.format(
                                    Locale.ROOT,
                                    "%s predicts: %,d of %,d",
                                    scoring.name(),
                                    watch.all(answers),
                                    watch.all(events)));
        }
        try {
            boolean _ = offering.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("what was to be offered was not", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        load.close();
        watch.close();
        trainings.close();
    }
}
