package leat.bench.mqtt;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import leat.bench.mqtt.CarsReport.Phase;
import leat.bench.process.ChildEnded;
import leat.bench.process.ChildJava;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Collectors and as many processes of simulated cars, each of which connects to one of them. All
/// of them end with this process, however it ends.
public final class Fleet implements AutoCloseable {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String MQTT = "collector-mqtt";
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration CONNECT_LIMIT = Duration.ofMinutes(10);
    private static final Duration SETTLE_LIMIT = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = Duration.ofMillis(100).toNanos();
    private static final long PROGRESS_NANOS = Duration.ofSeconds(5).toNanos();
    private static final Duration LEAD = Duration.ofSeconds(1);

    private final Parts parts;
    private final ConcurrentLinkedDeque<ChildJava> children = new ConcurrentLinkedDeque<>();
    private final List<ChildJava> collectors = new ArrayList<>();
    private final List<AtomicReference<@Nullable URI>> doors = new ArrayList<>();
    private final List<Simulator> simulators = new CopyOnWriteArrayList<>();
    private final Thread hook = new Thread(this::killAll, "fleet-end");
    private long mostCollectorBytes;

    /// How much of it, and how long.
    ///
    /// @param eventsPerSecond of all cars together
    /// @param warmUp how long events are published before they are measured
    /// @param hold how long they are measured
    public record Size(double eventsPerSecond, Duration warmUp, Duration hold, long seed) {}

    /// What a fleet is made of.
    ///
    /// @param collector main class and arguments of the collector of a number. Its first line of
    ///   output is a JSON object with its address, `collector-mqtt`, and it ends when its input
    ///   does
    /// @param generator makes the cars' events
    /// @param password of the cars; empty for none
    /// @param folder takes the files that the processes write their log to
    /// @param progress is told a line now and then
    public record Parts(
            FleetPlan plan,
            Size size,
            IntFunction<List<String>> collector,
            String generator,
            List<CarTopic> topics,
            String password,
            Path folder,
            Consumer<String> progress) {
        public Parts {
            topics = List.copyOf(topics);
        }
    }

    /// A process of cars, and what it last said.
    private record Simulator(ChildJava process, AtomicReference<@Nullable CarsReport> said) {
        boolean hasStarted() {
            return said.get() != null;
        }

        CarsReport report() {
            return Objects.requireNonNullElse(said.get(), CarsReport.NONE);
        }
    }

    private Fleet(Parts parts) {
        this.parts = parts;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /// Starts the collectors and returns when all of them take connections.
    ///
    /// @throws FleetFailed when one does not
    public static Fleet start(Parts parts) {
        Fleet fleet = new Fleet(parts);
        try {
            fleet.startCollectors();
            return fleet;
        } catch (RuntimeException | Error e) {
            fleet.close();
            throw e;
        }
    }

    private void startCollectors() {
        List<String> options = JvmOptions.collector(parts.plan().connectionsPerProcess());
        for (int number = 1; number <= parts.plan().processes(); number++) {
            AtomicReference<@Nullable URI> door = new AtomicReference<>();
            doors.add(door);
            ChildJava collector =
                    ChildJava.start(
                            "collector-" + number,
                            options,
                            parts.collector().apply(number),
                            parts.folder(),
                            line -> door.compareAndSet(null, address(line)));
            children.push(collector);
            collectors.add(collector);
        }
        await(
                START_LIMIT,
                () -> doors.stream().allMatch(door -> door.get() != null),
                () -> "mqtt: waiting for the collectors");
        parts.progress()
                .accept(
                        String.format(
                                Locale.ROOT,
                                "mqtt: %d collectors, %d MiB before the first connection",
                                collectors.size(),
                                collectorBytes() >> 20));
    }

    private static @Nullable URI address(String line) {
        return line.startsWith("{")
                ? URI.create(JSON.readTree(line).path(MQTT).asString(""))
                : null;
    }

    /// Connects every car.
    ///
    /// @return how long that took
    /// @throws FleetFailed when it takes too long
    public Duration connect() {
        for (int slice = 0; slice < parts.plan().processes(); slice++) {
            simulators.add(simulator(slice));
        }
        await(
                START_LIMIT,
                () -> simulators.stream().allMatch(Simulator::hasStarted),
                () -> "mqtt: waiting for the simulators");
        long start = System.nanoTime();
        simulators.forEach(simulator -> tell(simulator.process(), CarSimulator.CONNECT));
        await(CONNECT_LIMIT, () -> all(Phase.CONNECTED), this::connecting);
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        parts.progress().accept(connecting());
        return taken;
    }

    private String connecting() {
        return String.format(
                Locale.ROOT,
                "mqtt: %,d of %,d connected, %,d attempts failed%s",
                sum(CarsReport::open),
                parts.plan().connections(),
                sum(CarsReport::failedConnects),
                lastFailure());
    }

    private Simulator simulator(int slice) {
        AtomicReference<@Nullable CarsReport> said = new AtomicReference<>();
        URI door = doors.get(slice).get();
        if (door == null || !"mqtt".equals(door.getScheme())) {
            throw new FleetFailed(
                    "simulated cars speak plain MQTT, and the collector is at " + door);
        }
        CarsOrder order =
                new CarsOrder(
                        door.getHost(),
                        door.getPort(),
                        parts.generator(),
                        parts.size().seed(),
                        parts.plan().connections(),
                        parts.size().eventsPerSecond(),
                        slice,
                        parts.plan().processes(),
                        parts.topics(),
                        parts.password());
        ChildJava process =
                ChildJava.start(
                        "cars-" + (slice + 1),
                        JvmOptions.simulator(order.ownCars()),
                        List.of(CarSimulator.class.getName()),
                        parts.folder(),
                        line -> {
                            if (line.startsWith("{")) {
                                said.set(JSON.readValue(line, CarsReport.class));
                            }
                        });
        children.push(process);
        tell(process, JSON.writeValueAsString(order));
        return new Simulator(process, said);
    }

    /// Publishes for as long as the size says, waits for the acknowledgements, and lets the cars
    /// say goodbye.
    ///
    /// @param connecting what [#connect] took
    /// @throws FleetFailed when acknowledgements stay away
    public FleetOutcome publish(Duration connecting) {
        Instant start = Instant.now().plus(LEAD);
        Instant from = start.plus(parts.size().warmUp());
        Instant end = from.plus(parts.size().hold());
        PublishWindow window = new PublishWindow(micros(start), micros(from), micros(end));
        simulators.forEach(simulator -> tell(simulator.process(), window.line()));
        awaitTime(from);
        CpuTime before = cpuTime();
        awaitTime(end);
        CpuTime taken = cpuTime().since(before);
        await(SETTLE_LIMIT, () -> all(Phase.SETTLED), this::publishing);
        FleetOutcome outcome = outcome(connecting, taken);
        simulators.forEach(simulator -> tell(simulator.process(), CarSimulator.END));
        return outcome;
    }

    private void awaitTime(Instant time) {
        Duration limit = Duration.between(Instant.now(), time).plus(SETTLE_LIMIT);
        await(limit, () -> !Instant.now().isBefore(time), this::publishing);
    }

    private CpuTime cpuTime() {
        return new CpuTime(
                cpuTime(collectors.stream()),
                cpuTime(simulators.stream().map(Simulator::process)),
                CpuTime.ofThisProcess());
    }

    private static Duration cpuTime(Stream<ChildJava> processes) {
        return processes.map(ChildJava::cpuTime).reduce(Duration.ZERO, Duration::plus);
    }

    /// Events that have been published so far.
    public long sent() {
        return sum(CarsReport::sent);
    }

    /// Events that have been acknowledged so far.
    public long acked() {
        return sum(CarsReport::acked);
    }

    private String publishing() {
        return String.format(
                Locale.ROOT,
                "mqtt: %,d open, %,d dropped%s; %,d sent, %,d acknowledged; collectors %,d MiB",
                sum(CarsReport::open),
                sum(CarsReport::drops),
                lastFailure(),
                sum(CarsReport::sent),
                acked(),
                collectorBytes() >> 20);
    }

    private FleetOutcome outcome(Duration connecting, CpuTime taken) {
        Histogram all = new Histogram(3);
        simulators.forEach(simulator -> all.add(decoded(simulator.report().histogram())));
        return new FleetOutcome(
                parts.plan(),
                Math.toIntExact(sum(CarsReport::open)),
                Math.toIntExact(sum(CarsReport::drops)),
                connecting.toNanos() / 1e9,
                sum(CarsReport::sent),
                sum(CarsReport::acked),
                sum(CarsReport::ackedInWindow) * 1e9 / parts.size().hold().toNanos(),
                parts.size().hold(),
                new FleetOutcome.Latency(
                        all.getValueAtPercentile(50) / 1e3,
                        all.getValueAtPercentile(99) / 1e3,
                        all.getMaxValue() / 1e3),
                taken,
                mostCollectorBytes == 0
                        ? OptionalLong.empty()
                        : OptionalLong.of(mostCollectorBytes));
    }

    private static Histogram decoded(String base64) {
        try {
            return Histogram.decodeFromCompressedByteBuffer(
                    ByteBuffer.wrap(Base64.getDecoder().decode(base64)), 0);
        } catch (DataFormatException e) {
            throw new IllegalStateException("a simulator's histogram cannot be read", e);
        }
    }

    private boolean all(Phase phase) {
        return simulators.stream().allMatch(simulator -> simulator.report().phase() == phase);
    }

    private long sum(ToLongFunction<CarsReport> figure) {
        return simulators.stream().map(Simulator::report).mapToLong(figure).sum();
    }

    private String lastFailure() {
        return simulators.stream()
                .map(simulator -> simulator.report().lastFailure())
                .filter(failure -> !failure.isEmpty())
                .findFirst()
                .map(failure -> " (" + failure + ")")
                .orElse("");
    }

    private static void tell(ChildJava process, String line) {
        try {
            process.tell(line);
        } catch (ChildEnded e) {
            throw new FleetFailed(String.valueOf(e.getMessage()), e);
        }
    }

    /// Waits for something, as long as all processes live, and looks at the collectors' memory.
    private void await(Duration limit, BooleanSupplier reached, Supplier<String> how) {
        long start = System.nanoTime();
        long told = start;
        while (!reached.getAsBoolean()) {
            for (ChildJava child : children) {
                if (!child.isAlive()) {
                    throw new FleetFailed(child.lastWords());
                }
            }
            long now = System.nanoTime();
            if (Thread.interrupted()) {
                throw new FleetFailed("interrupted: " + how.get());
            }
            if (now - start > limit.toNanos()) {
                throw new FleetFailed("not done after " + limit.toSeconds() + " s: " + how.get());
            }
            if (now - told > PROGRESS_NANOS) {
                told = now;
                parts.progress().accept(how.get());
                mostCollectorBytes = Math.max(mostCollectorBytes, collectorBytes());
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        mostCollectorBytes = Math.max(mostCollectorBytes, collectorBytes());
    }

    private long collectorBytes() {
        return collectors.stream().mapToLong(child -> child.residentBytes().orElse(0)).sum();
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    private void killAll() {
        children.forEach(ChildJava::kill);
    }

    @Override
    public void close() {
        children.forEach(ChildJava::endInput);
        children.forEach(ChildJava::close);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // It runs already.
        }
    }
}
