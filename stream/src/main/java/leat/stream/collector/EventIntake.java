package leat.stream.collector;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Denial;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// The one way into the log: checks events, stamps their identity, writes them to the raw topic (or
/// the collector's dead letters) and says so when every replica has them, or a spool on disk while
/// the log is away.
///
/// Nothing here waits: what Kafka cannot take at once is answered as [Receipt.Unavailable]. Doors
/// bound what they read by [#bytesInFlight] and [#requestsInFlight].
public final class EventIntake implements AutoCloseable {

    private final Store store;
    private final Inlets inlets;
    private final Map<Inlet, CollectorMetrics.Counters> counters = new HashMap<>();
    private final CollectorSettings settings;
    private final Access access;
    private final ServerIds serverIds =
            new ServerIds(InstantSource.system(), () -> ThreadLocalRandom.current().nextLong());
    private final InFlight bytesInFlight;
    private final InFlight requestsInFlight;
    private final Backlog backlog;

    private EventIntake(
            Store store,
            Collection<Inlet> inlets,
            CollectorSettings settings,
            Access access,
            PrometheusRegistry registry) {
        this.store = store;
        this.access = access;
        this.inlets = new Inlets(inlets);
        this.settings = settings;
        this.bytesInFlight = new InFlight(settings.limits().inFlightSize().bytes());
        this.backlog = new Backlog(settings.limits().inFlightWait(), System::nanoTime);
        this.requestsInFlight =
                new InFlight(
                        settings.limits().inFlightRequests(),
                        () -> backlog.admits(bytesInFlight.taken()));
        CollectorMetrics metrics = new CollectorMetrics(registry, bytesInFlight, requestsInFlight);
        inlets.forEach(inlet -> counters.put(inlet, metrics.of(inlet)));
    }

    /// What an intake is made of.
    ///
    /// @param contracts whose raw and dead-letter topics exist
    /// @param access who may bring events in
    public record Parts(
            LogConnection log,
            Names names,
            List<Contract> contracts,
            Access access,
            PrometheusRegistry registry) {
        public Parts {
            contracts = List.copyOf(contracts);
        }

        /// Lets everybody in.
        public Parts(
                LogConnection log,
                Names names,
                List<Contract> contracts,
                PrometheusRegistry registry) {
            this(log, names, contracts, Access.OPEN, registry);
        }
    }

    /// Connects to the log. Returns when its topics are known, or after 10 s without it: the intake
    /// then answers [Receipt.Unavailable] until the log is there. With a spool it returns after 2 s
    /// and takes events.
    ///
    /// @throws leat.stream.spool.SpoolUnusable when the spool's folder is taken or cannot be used
    /// @throws leat.stream.spool.SpoolDamaged when what stands in it is not what was written
    public static EventIntake open(Parts parts, CollectorSettings settings) {
        List<Inlet> inlets =
                parts.contracts().stream()
                        .map(contract ->
                                new Inlet(
                                        parts.names(),
                                        contract,
                                        settings.limits().eventSize().bytes()))
                        .toList();
        return new EventIntake(
                store(parts, inlets, settings), inlets, settings, parts.access(), parts.registry());
    }

    private static Store store(Parts parts, List<Inlet> inlets, CollectorSettings settings) {
        SpoolingSettings spool = settings.spool();
        LogWriter.Source source =
                new LogWriter.Source(
                        parts.log(),
                        inlets.stream()
                                .flatMap(inlet -> Stream.of(inlet.rawTopic(), inlet.deadTopic()))
                                .toList(),
                        settings.limits().inFlightSize().bytes(),
                        spool.enabled() ? spool.after() : settings.deliveryTimeout());
        return spool.enabled()
                ? SpoolingStore.open(source, spool, parts.registry())
                : LogStore.open(source);
    }

    public Inlets inlets() {
        return inlets;
    }

    public Limits limits() {
        return settings.limits();
    }

    /// Bytes of bodies that doors hold; a door takes before it reads and gives back after it
    /// answered.
    public InFlight bytesInFlight() {
        return bytesInFlight;
    }

    /// Requests that wait for their receipt; a door takes before [#accept] and gives back after it
    /// answered. None is left either while the log is so slow that one more would wait for longer
    /// than `limits.in-flight-wait`.
    public InFlight requestsInFlight() {
        return requestsInFlight;
    }

    /// Whether events are taken, as far as is known: by the log or, while it is away, by the spool
    /// where there is one.
    public boolean ready() {
        return store.ready();
    }

    /// Who may bring events in; doors ask it whom their clients are.
    public Access access() {
        return access;
    }

    /// Checks, stamps and writes `batch`, if `caller` may, and tells `receiver` once, on this
    /// thread or on the producer's, which must not be held up.
    public void accept(
            Caller caller, Inlet inlet, IncomingBatch batch, Consumer<Receipt> receiver) {
        Optional<Receipt> refusal = refusal(caller, inlet, batch);
        if (refusal.isPresent()) {
            receiver.accept(refusal.get());
            return;
        }
        int size = batch.events().size();
        List<Receipt.Item> items = new ArrayList<>(size);
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>(size);
        for (int index = 0; index < size; index++) {
            Inlet.Stamped stamped =
                    inlet.stamp(batch.events().get(index), index, batch.idempotency(), serverIds);
            items.add(stamped.item());
            if (stamped.record() != null) {
                records.add(stamped.record());
            }
        }
        Delivery delivery = new Delivery(inlet, items, records, receiver);
        if (records.isEmpty()) {
            delivery.settle();
            return;
        }
        FailPoint.reach("collector.before-send");
        backlog.began();
        store.write(records, delivery);
    }

    private static Optional<Receipt> refusal(Caller caller, Inlet inlet, IncomingBatch batch) {
        Optional<Denial> denial = caller.denial(inlet.contract());
        if (denial.isPresent()) {
            return Optional.of(new Receipt.Denied(denial.get()));
        }
        long waitMillis = caller.take(batch.events().size(), batch.bytes());
        return waitMillis == 0 ? Optional.empty() : Optional.of(new Receipt.Throttled(waitMillis));
    }

    /// Waits for what was handed over, then leaves log and spool. Doors close first.
    @Override
    public void close() {
        store.close();
    }

    /// One batch on its way: counts acknowledgements and settles with the last of them.
    private final class Delivery implements Store.Acknowledgement {

        private final Inlet inlet;
        private final List<Receipt.Item> items;
        private final int sent;
        private final long bytes;
        private final Consumer<Receipt> receiver;
        private final AtomicInteger open;
        private final AtomicInteger failures = new AtomicInteger();
        private final AtomicInteger spooled = new AtomicInteger();
        private final long startNanos = System.nanoTime();
        private volatile @Nullable Exception failure;

        Delivery(
                Inlet inlet,
                List<Receipt.Item> items,
                List<ProducerRecord<byte[], byte[]>> records,
                Consumer<Receipt> receiver) {
            this.inlet = inlet;
            this.items = items;
            this.sent = records.size();
            this.receiver = receiver;
            this.open = new AtomicInteger(sent);
            long sum = 0;
            for (ProducerRecord<byte[], byte[]> record : records) {
                sum += record.value().length;
            }
            this.bytes = sum;
        }

        @Override
        public void stored(boolean spooled) {
            if (spooled) {
                this.spooled.incrementAndGet();
            }
            oneLess();
        }

        @Override
        public void failed(Exception cause) {
            failure = cause;
            failures.incrementAndGet();
            oneLess();
        }

        private void oneLess() {
            if (open.decrementAndGet() == 0) {
                settle();
            } else {
                FailPoint.reach("collector.mid-ack");
            }
        }

        void settle() {
            FailPoint.reach("collector.after-ack");
            CollectorMetrics.Counters counted = Objects.requireNonNull(counters.get(inlet));
            Exception cause = failure;
            if (sent > 0) {
                backlog.ended(cause == null ? bytes : 0, System.nanoTime() - startNanos);
            }
            Receipt receipt;
            if (cause == null) {
                receipt = new Receipt.Settled(items, spooled.get());
                count(counted);
            } else {
                int lost = failures.get();
                receipt =
                        new Receipt.Unavailable(
                                sent - lost, repeatable(), String.valueOf(cause.getMessage()));
                counted.unacknowledged().inc(lost);
            }
            receiver.accept(receipt);
        }

        private boolean repeatable() {
            for (Receipt.Item item : items) {
                if (item instanceof Receipt.Accepted accepted && !accepted.repeatable()) {
                    return false;
                }
            }
            return true;
        }

        private void count(CollectorMetrics.Counters counted) {
            int accepted = 0;
            int dead = 0;
            int refused = 0;
            for (Receipt.Item item : items) {
                switch (item) {
                    case Receipt.Accepted _ -> accepted++;
                    case Receipt.Dead _ -> dead++;
                    case Receipt.Refused _ -> refused++;
                }
            }
            counted.accepted().inc(accepted);
            counted.dead().inc(dead);
            counted.refused().inc(refused);
            counted.acceptedBytes().inc(bytes);
            if (dead > 0) {
                FailPoint.reach("collector.after-dead");
            }
            counted.acknowledgeSeconds().observe((System.nanoTime() - startNanos) / 1e9);
        }
    }
}
