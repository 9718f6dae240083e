package leat.stream.collector;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import leat.stream.collector.Generation.Pending;
import leat.stream.spool.Spool;
import leat.stream.spool.SpoolSettings;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log, and a spool on disk while the log is away.
///
/// Records go one of three ways, and change it under one lock, so that their order stays:
///
/// - **log**: to the producer of the present [Generation];
/// - **hold**: to a list, for moments: while a failed generation ends, and while the last of the
///   spool goes to the log;
/// - **spool**: behind all others on disk, as long as anything stands there.
final class SpoolingStore implements Store, Generation.Owner, SpoolDrain.Outlet {

    private static final Logger LOG = LoggerFactory.getLogger(SpoolingStore.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(2);

    private final Spool spool;
    private final SpoolMetrics metrics;
    private final Duration patience;
    private final SpoolDrain drain;

    /// Guards what follows; notified when the way changes.
    private final Object monitor = new Object();

    private Way way = Way.SPOOL;
    private @Nullable Generation live;
    private final List<Pending> held = new ArrayList<>();
    private boolean closing;

    private enum Way {
        LOG,
        HOLD,
        SPOOL
    }

    private SpoolingStore(
            LogWriter.Source source, SpoolingSettings settings, PrometheusRegistry registry) {
        this.spool =
                Spool.open(
                        new SpoolSettings(Path.of(settings.folder()), settings.size().bytes()),
                        InstantSource.system());
        this.metrics = new SpoolMetrics(registry, spool);
        this.patience = source.patience();
        this.drain = new SpoolDrain(source, spool, this);
    }

    /// Opens the spool and sends what stands in it. Returns when the log takes events, or after 2
    /// s.
    static SpoolingStore open(
            LogWriter.Source source, SpoolingSettings settings, PrometheusRegistry registry) {
        SpoolingStore store = new SpoolingStore(source, settings, registry);
        store.drain.start();
        store.awaitLog(START_TIMEOUT);
        return store;
    }

    private void awaitLog(Duration timeout) {
        long deadline = System.nanoTime() + timeout.toNanos();
        synchronized (monitor) {
            while (way != Way.LOG) {
                long leftMillis = (deadline - System.nanoTime()) / 1_000_000;
                if (leftMillis <= 0) {
                    LOG.atWarn().log("Kafka does not take events yet, they go to the spool");
                    return;
                }
                try {
                    monitor.wait(leftMillis);
                } catch (InterruptedException _) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    @Override
    public void write(
            List<ProducerRecord<byte[], byte[]>> records, Acknowledgement acknowledgement) {
        List<Pending> pending = new ArrayList<>(records.size());
        for (ProducerRecord<byte[], byte[]> record : records) {
            pending.add(new Pending(record, acknowledgement));
        }
        Generation generation = null;
        long first = 0;
        List<Pending> refused = List.of();
        synchronized (monitor) {
            switch (way) {
                case LOG -> {
                    generation = Objects.requireNonNull(live);
                    first = generation.register(pending.size());
                }
                case HOLD -> held.addAll(pending);
                case SPOOL -> refused = spool(pending);
            }
        }
        if (generation != null) {
            generation.send(pending, first);
        }
        refuse(refused);
    }

    /// Puts records into the spool; those that it does not take.
    private List<Pending> spool(List<Pending> records) {
        List<Spool.Entry> entries = new ArrayList<>(records.size());
        for (Pending pending : records) {
            entries.add(new Spool.Entry(pending.record(), fate(pending.acknowledgement())));
        }
        int refused = spool.append(entries).size();
        return List.copyOf(records.subList(records.size() - refused, records.size()));
    }

    private Spool.Fate fate(Acknowledgement acknowledgement) {
        return new Spool.Fate() {
            @Override
            public void durable() {
                metrics.spooled();
                acknowledgement.stored(true);
            }

            @Override
            public void lost(Exception cause) {
                acknowledgement.failed(cause);
            }
        };
    }

    /// Outside of the lock: whoever is told may come back with more.
    private void refuse(List<Pending> refused) {
        if (!refused.isEmpty()) {
            Exception cause = new SpoolRefused(spool.refusal());
            refused.forEach(pending -> pending.acknowledgement().failed(cause));
        }
    }

    private static final class SpoolRefused extends Exception {
        SpoolRefused(String message) {
            super("the log is away, and " + message, null, false, false);
        }
    }

    @Override
    public void failing(Exception cause) {
        synchronized (monitor) {
            way = Way.HOLD;
        }
        LOG.atWarn()
                .addKeyValue("cause", cause.getMessage())
                .log("Kafka takes no events, they go to the spool");
    }

    @Override
    public void ended(List<Pending> unsent) {
        List<Pending> refused;
        synchronized (monitor) {
            List<Pending> all = new ArrayList<>(unsent);
            all.addAll(held);
            held.clear();
            refused = spool(all);
            live = null;
            change(Way.SPOOL);
        }
        refuse(refused);
    }

    private void change(Way next) {
        way = next;
        monitor.notifyAll();
    }

    @Override
    public boolean awaitSpooling() throws InterruptedException {
        synchronized (monitor) {
            while (way != Way.SPOOL && !closing) {
                monitor.wait();
            }
            return !closing;
        }
    }

    @Override
    public boolean pause(Duration time) throws InterruptedException {
        long deadline = System.nanoTime() + time.toNanos();
        synchronized (monitor) {
            long leftMillis = time.toMillis();
            while (!closing && leftMillis > 0) {
                monitor.wait(leftMillis);
                leftMillis = (deadline - System.nanoTime()) / 1_000_000;
            }
            return !closing;
        }
    }

    @Override
    public boolean closing() {
        synchronized (monitor) {
            return closing;
        }
    }

    @Override
    public void drained(int events) {
        metrics.drained(events);
    }

    @Override
    public void hold() {
        synchronized (monitor) {
            change(Way.HOLD);
        }
    }

    @Override
    public void letGo() {
        List<Pending> refused;
        synchronized (monitor) {
            refused = spool(List.copyOf(held));
            held.clear();
            change(Way.SPOOL);
        }
        refuse(refused);
    }

    /// Sends what was held, and what comes meanwhile, and at last lets everything through.
    @Override
    public void goLive(LogWriter writer) {
        Generation generation = new Generation(writer, this);
        while (true) {
            List<Pending> next;
            long first;
            synchronized (monitor) {
                if (generation.failed()) {
                    return;
                }
                if (held.isEmpty()) {
                    live = generation;
                    change(Way.LOG);
                    LOG.atInfo().log("Kafka takes events");
                    return;
                }
                next = List.copyOf(held);
                held.clear();
                first = generation.register(next.size());
            }
            generation.send(next, first);
        }
    }

    @Override
    public boolean ready() {
        synchronized (monitor) {
            return way != Way.SPOOL || spool.takes();
        }
    }

    @Override
    public void close() {
        synchronized (monitor) {
            closing = true;
            monitor.notifyAll();
        }
        drain.close();
        Generation open;
        synchronized (monitor) {
            open = live;
        }
        if (open != null) {
            open.close(patience);
        }
        spool.close();
    }
}
