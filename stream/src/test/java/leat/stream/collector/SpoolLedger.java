package leat.stream.collector;

import static java.nio.charset.StandardCharsets.UTF_8;
import static leat.stream.collector.CollectorFixture.CARS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.stream.collector.http.RawClient;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Cars that send their events one batch after the other, the same again until it is answered, and
/// keep account of what was accepted. Each car's events have one key, so that their order in the
/// log can be compared with the order in which they were sent.
final class SpoolLedger implements AutoCloseable {

    private static final int CARS_COUNT = 4;
    private static final int BATCH = 5;
    private static final String PATH = "/v1/events/" + CARS.nameAndMajor();
    private static final Duration PATIENCE = Duration.ofSeconds(100);

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> cars = new ArrayList<>();
    private final Map<String, Integer> acceptedOfCar = new ConcurrentHashMap<>();
    private final Set<Integer> statuses = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger spooled = new AtomicInteger();
    private volatile int port;
    private volatile boolean stopped;

    SpoolLedger(int port) {
        this.port = port;
        for (int i = 0; i < CARS_COUNT; i++) {
            String car = "c" + i;
            cars.add(threads.submit(() -> drive(car)));
        }
    }

    void moveTo(int other) {
        port = other;
    }

    /// How many events were accepted.
    int accepted() {
        return accepted.get();
    }

    /// How many of them into the spool.
    int spooled() {
        return spooled.get();
    }

    Set<Integer> statuses() {
        return statuses;
    }

    void awaitAccepted(int more) {
        int enough = accepted() + more;
        await(() -> accepted() >= enough);
    }

    void awaitSpooled(int more) {
        int enough = spooled() + more;
        await(() -> spooled() >= enough);
    }

    private void await(BooleanSupplier condition) {
        await(
                () ->
                        condition.getAsBoolean()
                                || cars.stream()
                                        .anyMatch(car -> car.state() == Future.State.FAILED),
                "cars go on");
        cars.stream()
                .filter(car -> car.state() == Future.State.FAILED)
                .forEach(car -> {
                    throw new AssertionError(car.exceptionNow());
                });
    }

    static void await(BooleanSupplier condition, String what) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// Lets every car end with its next answer.
    void stop() throws ExecutionException, InterruptedException {
        stopped = true;
        for (Future<?> car : cars) {
            try {
                car.get(60, TimeUnit.SECONDS);
            } catch (java.util.concurrent.TimeoutException e) {
                throw new AssertionError("a car goes on", e);
            }
        }
    }

    private Void drive(String car) {
        int next = 0;
        while (!stopped || next % BATCH != 0) {
            try (RawClient connection = new RawClient(port)) {
                while (!stopped) {
                    int first = next;
                    String body =
                            IntStream.range(first, first + BATCH)
                                    .mapToObj(seq -> event(car, seq))
                                    .collect(Collectors.joining("\n"));
                    RawClient.Response answer =
                            connection
                                    .send(
                                            RawClient.post(
                                                    PATH,
                                                    body,
                                                    "Content-Type: application/x-ndjson"))
                                    .read();
                    statuses.add(answer.status());
                    if (answer.status() == 202) {
                        next += BATCH;
                        acceptedOfCar.put(car, next);
                        accepted.addAndGet(BATCH);
                        if (answer.body().contains("\"spooled\":")) {
                            spooled.addAndGet(BATCH);
                        }
                    }
                }
            } catch (IOException _) {
                // It was killed: on with its next life.
                LockSupport.parkNanos(10_000_000);
            }
        }
        return null;
    }

    private static String event(String car, int seq) {
        return "{\"car\":{\"id\":\"" + car + "\"},\"seq\":" + seq + "}";
    }

    /// Lets an enricher read all of raw, and checks that each accepted event is enriched once, each
    /// car's in its order.
    void check(LogConnection log, Names names, Path folder) throws Exception {
        String raw = names.raw(CARS);
        try (Enricher _ =
                        Enricher.start(
                                log,
                                new Enricher.Instance(names, "1", folder),
                                EnricherSettings.DEFAULT,
                                List.of(Flow.of(names, CARS)));
                Admin admin = log.admin()) {
            long end = end(admin, raw);
            await(() -> committed(admin, names, raw) == end, "raw is read to its end");
        }
        assertThat(CollectorFixture.records(log, names.dead(CARS, Names.DeadStage.ENRICHER)))
                .isEmpty();
        List<ConsumerRecord<byte[], byte[]>> enriched =
                CollectorFixture.records(log, names.enriched(CARS));
        for (int i = 0; i < CARS_COUNT; i++) {
            String car = "c" + i;
            List<String> ids =
                    enriched.stream()
                            .filter(record -> new String(record.key(), UTF_8).equals(car))
                            .map(record ->
                                    new String(
                                            record.headers().lastHeader(EventHeaders.ID).value(),
                                            UTF_8))
                            .toList();
            int least = acceptedOfCar.getOrDefault(car, 0);
            assertThat(new HashSet<>(ids)).as("twice").hasSameSizeAs(ids);
            assertThat(ids)
                    .as("in their order")
                    .isEqualTo(
                            IntStream.range(0, ids.size())
                                    .mapToObj(seq -> car + "|" + seq)
                                    .toList());
            assertThat(ids).as("none lost").hasSizeBetween(least, least + BATCH);
        }
    }

    private static long end(Admin admin, String topic) throws Exception {
        long sum = 0;
        for (int partition = 0; partition < CARS.log().partitions(); partition++) {
            TopicPartition one = new TopicPartition(topic, partition);
            sum +=
                    admin.listOffsets(Map.of(one, OffsetSpec.latest()))
                            .partitionResult(one)
                            .get()
                            .offset();
        }
        return sum;
    }

    private static long committed(Admin admin, Names names, String topic) {
        try {
            return admin
                    .listConsumerGroupOffsets(names.group(Enricher.ROLE))
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .entrySet()
                    .stream()
                    .filter(entry -> entry.getKey().topic().equals(topic))
                    .mapToLong(entry -> entry.getValue() == null ? 0 : entry.getValue().offset())
                    .sum();
        } catch (ExecutionException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
        threads.close();
    }
}
