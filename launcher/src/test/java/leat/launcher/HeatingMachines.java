package leat.launcher;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Machines that send readings to a platform, and fail under load, as they always did. The hall
/// that they stand in may get warmer, which makes them fail no more often.
final class HeatingMachines implements AutoCloseable {

    static final String CONTRACT =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: machine
            version: 1.0.0
            status: active
            schema:
              - name: machine
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: machine, logicalType: string, required: true}
                  - {name: load, logicalType: number}
                  - {name: speed, logicalType: number}
                  - {name: hall, logicalType: number}
                  - {name: failed, logicalType: integer}
            customProperties:
              - {property: leat.key, value: machine}
              - {property: leat.time, value: time}
              - {property: leat.partitions, value: 3}
            """;

    static final String VIEW =
            """
            entity: machine
            source: machine
            features:
              - {name: load, expression: event.load}
              - {name: speed, expression: event.speed}
              - {name: hall, expression: event.hall}
            """;

    private static final Instant COOL = Instant.parse("2026-01-01T00:00:00Z");

    /// Longer after the readings of a cool hall than a training looks back.
    private static final Instant WARM = Instant.parse("2026-03-01T00:00:00Z");

    private static final int BATCH = 200;
    private static final long PAUSE_NANOS = Duration.ofMillis(200).toNanos();
    private static final int MACHINES = 20;

    private final SplittableRandom random = new SplittableRandom(1);
    private final AtomicBoolean warm = new AtomicBoolean();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final ExecutorService sender = Executors.newSingleThreadExecutor();
    private final Path folder;
    private final Platform platform;
    private Future<?> sending = CompletableFuture.completedFuture("nothing yet");
    private int number;

    /// Sends nothing yet.
    ///
    /// @param folder of the platform's workspace
    HeatingMachines(Path folder, Platform platform) {
        this.folder = folder;
        this.platform = platform;
    }

    /// Sends so many readings.
    void send(int count) throws IOException {
        new WorkspaceCommands(folder)
                .send(
                        platform,
                        "machine",
                        IntStream.range(0, count).mapToObj(_ -> reading()).toList());
    }

    private String reading() {
        double load = random.nextDouble();
        double speed = random.nextDouble();
        boolean failed = load + speed + 0.05 * random.nextGaussian() > 1;
        boolean isWarm = warm.get();
        double hall = random.nextGaussian() + (isWarm ? 3 : 0);
        number++;
        return """
        {"time":"%s","machine":"m%d","load":%s,"speed":%s,"hall":%s,"failed":%d}\
        """
                .formatted(
                        (isWarm ? WARM : COOL).plusSeconds(number),
                        number % MACHINES,
                        load,
                        speed,
                        hall,
                        failed ? 1 : 0);
    }

    /// Sends readings from now on, until [#close], up to a thousand a second.
    void sendOn() {
        sending =
                sender.submit(() -> {
                    while (!ending.get()) {
                        send(BATCH);
                        LockSupport.parkNanos(PAUSE_NANOS);
                    }
                    return null;
                });
    }

    /// The hall is warm from now on.
    void warmUp() {
        warm.set(true);
    }

    /// @throws AssertionError when not all could be sent
    @Override
    public void close() {
        ending.set(true);
        sender.close();
        if (sending.state() == Future.State.FAILED) {
            throw new AssertionError(sending.exceptionNow());
        }
    }
}
