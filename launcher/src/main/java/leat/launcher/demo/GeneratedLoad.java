package leat.launcher.demo;

import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import leat.client.Answer;
import leat.client.Batch;
import leat.client.ClientException;
import leat.client.ClientSettings;
import leat.client.Event;
import leat.client.HttpTransport;
import leat.client.LeatClient;
import leat.core.contract.ContractName;
import leat.core.event.EventGenerator;
import leat.core.event.EventGenerator.Feed;
import leat.core.event.EventGenerator.Plan;
import leat.core.event.EventGenerator.Slice;
import leat.stream.send.ClientAccess;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Plays a generator's events to the collector as they fall due, each slice on a thread of its own,
/// and counts what the collector said. A batch is sent again until it is answered: with the same
/// ids, so that nothing is doubled.
final class GeneratedLoad implements Load {

    private static final Logger LOG = LoggerFactory.getLogger(GeneratedLoad.class);
    private static final int MAX_BATCH_EVENTS = 1_000;
    private static final long BEAT_NANOS = Duration.ofMillis(5).toNanos();

    /// On one machine packing costs more than it saves, and nobody reads the ids.
    private static final HttpTransport.Format FORMAT = new HttpTransport.Format(false, false);

    /// Waits for a collector as long as it takes.
    private static final ClientSettings SETTINGS =
            ClientSettings.DEFAULTS.withRequests(1, Duration.ofSeconds(30), Duration.ofDays(365));

    private final LeatClient client;
    private final String run = LeatClient.freshKey();
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder sent = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder dead = new LongAdder();
    private final Score score;
    private final long liveMicros;
    private final CountDownLatch past;
    private final AtomicLong liveSinceNanos = new AtomicLong();
    private volatile boolean isLive;
    private volatile boolean running = true;

    private GeneratedLoad(URI collector, ClientAccess access, Score score) {
        this.score = score;
        this.liveMicros = ChronoUnit.MICROS.between(Instant.EPOCH, score.live());
        this.past = new CountDownLatch(score.slices());
        HttpClient http = access.client().version(HttpClient.Version.HTTP_1_1).build();
        this.client =
                new LeatClient(new HttpTransport(collector, access.key(), http, FORMAT), SETTINGS);
    }

    /// What is to be played.
    ///
    /// @param live of the sources' time, from when on it is played as it falls due; what is before,
    ///   their past, is sent as fast as it is taken
    /// @param speed how much faster than the clock the sources' time passes
    /// @param slices how many threads share the sources; with one, the order of events is always
    ///   the same
    record Score(EventGenerator generator, Plan plan, Instant live, double speed, int slices) {

        /// Played from now on in real time.
        static Score now(
                EventGenerator generator, long seed, int sources, double rate, int slices) {
            Instant start = Instant.now().truncatedTo(ChronoUnit.SECONDS);
            return new Score(generator, new Plan(seed, sources, rate, start), start, 1, slices);
        }
    }

    /// Starts sending the past, after which it waits for [#goLive].
    static GeneratedLoad start(URI collector, ClientAccess access, Score score) {
        GeneratedLoad load = new GeneratedLoad(collector, access, score);
        for (int slice = 0; slice < score.slices(); slice++) {
            Feed feed = score.generator().open(score.plan(), new Slice(slice, score.slices()));
            String key = load.run + "-" + slice;
            load.threads.add(
                    Thread.ofPlatform()
                            .name("generator-" + slice)
                            .start(() -> load.play(feed, key)));
        }
        return load;
    }

    /// Whether all of the past is sent.
    boolean hasSentThePast() {
        return past.getCount() == 0;
    }

    /// Has the sources' time pass from now on.
    void goLive() {
        liveSinceNanos.set(System.nanoTime());
        isLive = true;
    }

    /// Until when events are due.
    private long dueMicros() {
        return isLive
                ? liveMicros
                        + (long) ((System.nanoTime() - liveSinceNanos.get()) / 1e3 * score.speed())
                : liveMicros - 1;
    }

    @Override
    public long sent() {
        return sent.sum();
    }

    @Override
    public long accepted() {
        return accepted.sum();
    }

    @Override
    public long dead() {
        return dead.sum();
    }

    private void play(Feed feed, String key) {
        Map<ContractName, List<Event>> due = new HashMap<>();
        long index = 0;
        boolean hasPast = true;
        while (running) {
            long dueMicros = dueMicros();
            int events = 0;
            while (feed.nextTimeMicros() <= dueMicros && events < MAX_BATCH_EVENTS) {
                feed.next((contract, buffer, length) -> {
                    due.computeIfAbsent(contract, _ -> new ArrayList<>())
                            .add(Event.json(Arrays.copyOf(buffer, length)));
                    sent.increment();
                });
                events++;
            }
            for (Map.Entry<ContractName, List<Event>> one : due.entrySet()) {
                if (!one.getValue().isEmpty()) {
                    send(new Batch(one.getKey().value(), key, index, one.getValue()));
                    index += one.getValue().size();
                    one.getValue().clear();
                }
            }
            if (events < MAX_BATCH_EVENTS) {
                if (hasPast && feed.nextTimeMicros() >= liveMicros) {
                    hasPast = false;
                    past.countDown();
                }
                LockSupport.parkNanos(BEAT_NANOS);
            }
        }
    }

    private void send(Batch batch) {
        try {
            Answer answer = client.send(batch);
            accepted.add(answer.accepted());
            dead.add(answer.dead());
        } catch (ClientException.Closed _) {
            // The load ends while the collector is away.
        } catch (ClientException e) {
            LOG.atError()
                    .addKeyValue("contract", batch.contract())
                    .addKeyValue("cause", e.getMessage())
                    .log("Collector refused a batch");
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        finish();
        client.close();
    }

    @Override
    public void finish() {
        running = false;
        client.endWaits();
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
