package leat.launcher.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import leat.bench.mqtt.Fleet;
import leat.core.contract.Contract;
import leat.core.event.EventGenerator;
import leat.launcher.Platform;
import leat.launcher.UserError;
import leat.launcher.config.LeatConfig;
import leat.launcher.config.Workspace;
import leat.launcher.fleet.WorkspaceFleet;
import leat.stream.send.ClientAccess;

/// One demo: a generator's events played through a running platform, and what became of them.
public final class Demo {

    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(2);
    private static final long BEAT_NANOS = Duration.ofMillis(200).toNanos();

    private final Workspace workspace;
    private final Platform platform;
    private final int portOffset;
    private final ClientAccess access;
    private final Watching watching;
    private final Consumer<String> view;

    /// A demo on `platform`.
    ///
    /// @param portOffset of the platform
    /// @param access what the sources show to the collector
    public Demo(
            Workspace workspace,
            Platform platform,
            int portOffset,
            ClientAccess access,
            Watching watching) {
        this.portOffset = portOffset;
        this.access = access;
        this.workspace = workspace;
        this.platform = platform;
        this.watching = watching;
        this.view = watching.view();
    }

    /// Who watches.
    ///
    /// @param view is told five times a second how it goes, in one line
    /// @param told is told once what is done, in lines that stay
    public record Watching(Consumer<String> view, Consumer<String> told) {

        /// Nobody does.
        public static final Watching NOBODY = new Watching(_ -> {}, _ -> {});
    }

    /// How much of it.
    ///
    /// @param sources cars, visitors, machines
    /// @param rate events a second
    /// @param mqtt whether each source has an MQTT connection of its own
    /// @param models whether models are trained and predict, where the workspace has some; not
    ///   together with `mqtt`
    public record Size(
            int sources, double rate, Duration length, long seed, boolean mqtt, boolean models) {}

    /// Plays, waits until everything that was accepted has arrived everywhere, and counts.
    public DemoReport play(Size size) {
        EventGenerator generator = generator();
        List<Contract> contracts =
                generator.contracts().stream()
                        .map(name -> workspace.contracts().find(name.value()).orElseThrow())
                        .toList();
        PlatformCounts counts = new PlatformCounts(workspace, platform, contracts);
        PlatformCounts.Counts before = counts.now();
        List<String> enriched = contracts.stream().map(workspace.names()::enriched).toList();
        try (Shown shown = shown(generator, size);
                EnrichedProbe probe = new EnrichedProbe(platform.log(), enriched)) {
            watch(shown, probe, size.length());
            shown.load().finish();
            long accepted = shown.load().accepted();
            PlatformCounts.Counts after = settle(counts, before, accepted);
            shown.models().ifPresent(ModelDemo::settle);
            return new DemoReport(
                    shown.load().sent(),
                    accepted,
                    after.enriched() - before.enriched(),
                    shown.load().dead() + after.dead() - before.dead(),
                    after.duplicates() - before.duplicates(),
                    after.searchable() - before.searchable(),
                    after.inLake() - before.inLake(),
                    probe.latencies().quantile(0.50),
                    probe.latencies().quantile(0.99),
                    shown.models().map(ModelDemo::outcomes).orElse(List.of()),
                    shown.models().map(ModelDemo::offered).orElse(List.of()));
        }
    }

    /// What plays, once it does.
    ///
    /// @param models that are shown with it
    private record Shown(Load load, Optional<ModelDemo> models) implements AutoCloseable {

        @Override
        public void close() {
            models.ifPresentOrElse(ModelDemo::close, load::close);
        }
    }

    private Shown shown(EventGenerator generator, Size size) {
        if (!size.models() || size.mqtt() || !ModelDemo.has(workspace)) {
            return new Shown(load(generator, size), Optional.empty());
        }
        LeatConfig.History history = workspace.config().demo().history();
        if (history.events(size.sources()) > history.mostEvents()) {
            watching.told()
                    .accept(
                            String.format(
                                    Locale.ROOT,
                                    "models are left out: the past of %,d sources would be %,d"
                                            + " events, demo.history.most-events is %,d",
                                    size.sources(),
                                    history.events(size.sources()),
                                    history.mostEvents()));
            return new Shown(load(generator, size), Optional.empty());
        }
        ModelDemo models =
                ModelDemo.start(
                        new ModelDemo.Place(
                                workspace,
                                platform.log(),
                                platform.collector(),
                                portOffset,
                                access,
                                watching.view(),
                                watching.told()),
                        generator,
                        size);
        try {
            models.goLive();
            return new Shown(models.load(), Optional.of(models));
        } catch (RuntimeException | Error e) {
            models.close();
            throw e;
        }
    }

    private EventGenerator generator() {
        String name =
                workspace
                        .config()
                        .demo()
                        .generator()
                        .orElseThrow(() ->
                                new UserError(
                                        "this workspace names no generator of events",
                                        "set demo.generator in "
                                                + workspace
                                                        .folder()
                                                        .resolve(Workspace.CONFIG_FILE)));
        try {
            return EventGenerator.named(name);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    String.valueOf(e.getMessage()),
                    "set demo.generator in " + workspace.folder().resolve(Workspace.CONFIG_FILE));
        }
    }

    private Load load(EventGenerator generator, Size size) {
        return size.mqtt() ? fleet(generator, size) : posts(generator, size);
    }

    private FleetLoad fleet(EventGenerator generator, Size size) {
        try {
            WorkspaceFleet fleet =
                    new WorkspaceFleet(
                            workspace,
                            portOffset,
                            generator,
                            access.key().orElse(""),
                            Files.createDirectories(workspace.stateFolder().resolve("fleet")),
                            view);
            return FleetLoad.start(
                    fleet.parts(
                            WorkspaceFleet.plan(size.sources()),
                            new Fleet.Size(
                                    size.rate(), Duration.ZERO, size.length(), size.seed())));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + workspace.stateFolder(), e);
        }
    }

    private GeneratedLoad posts(EventGenerator generator, Size size) {
        int slices = Math.max(1, Math.min(4, size.sources()));
        GeneratedLoad load =
                GeneratedLoad.start(
                        platform.collector(),
                        access,
                        GeneratedLoad.Score.now(
                                generator, size.seed(), size.sources(), size.rate(), slices));
        load.goLive();
        return load;
    }

    /// Longer than `length` while something is still to be offered.
    private void watch(Shown shown, EnrichedProbe probe, Duration length) {
        Load load = shown.load();
        Instant latest = Instant.now().plus(length).plus(SETTLE_LIMIT);
        Instant start = Instant.now();
        Instant end = start.plus(length);
        long lastSeen = 0;
        long lastNanos = System.nanoTime();
        double rate = 0;
        while (Instant.now().isBefore(end)
                || (shown.models().filter(one -> !one.hasOffered()).isPresent()
                        && Instant.now().isBefore(latest))) {
            LockSupport.parkNanos(BEAT_NANOS);
            long now = System.nanoTime();
            if (now - lastNanos > Duration.ofSeconds(1).toNanos()) {
                rate = (probe.seen() - lastSeen) * 1e9 / (now - lastNanos);
                lastSeen = probe.seen();
                lastNanos = now;
            }
            view.accept(
                    String.format(
                                    Locale.ROOT,
                                    "%3d s  accepted %,d  enriched %,d  dead %,d  %,.0f/s  p50 %d"
                                            + " ms  p99 %d ms",
                                    Duration.between(start, Instant.now()).toSeconds(),
                                    load.accepted(),
                                    probe.seen(),
                                    load.dead(),
                                    rate,
                                    probe.latencies().quantile(0.50),
                                    probe.latencies().quantile(0.99))
                            + shown.models().map(one -> "  " + one.line()).orElse(""));
        }
    }

    /// Waits until every accepted event is enriched, dead or a duplicate, and everywhere it
    /// belongs.
    private PlatformCounts.Counts settle(
            PlatformCounts counts, PlatformCounts.Counts before, long accepted) {
        Instant limit = Instant.now().plus(SETTLE_LIMIT);
        PlatformCounts.Counts now = counts.now();
        while (!now.settled(before, accepted) && Instant.now().isBefore(limit)) {
            view.accept(
                    String.format(
                            Locale.ROOT,
                            "arriving: enriched %,d, searchable %,d, in the lake %,d",
                            now.enriched() - before.enriched(),
                            now.searchable() - before.searchable(),
                            now.inLake() - before.inLake()));
            LockSupport.parkNanos(BEAT_NANOS);
            now = counts.now();
        }
        return now;
    }
}
