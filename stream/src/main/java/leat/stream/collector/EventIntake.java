package leat.stream.collector;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.Caller;
import leat.stream.collector.access.Denial;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one way into the log: checks events, stamps their identity, writes them to the raw topic (or
/// the collector's dead letters) and says so when every replica has them.
///
/// Nothing here waits: what Kafka cannot take at once is answered as [Receipt.Unavailable]. Doors
/// bound what they read by [#bytesInFlight] and [#requestsInFlight].
public final class EventIntake implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(EventIntake.class);
    private static final Duration START_TIMEOUT = Duration.ofSeconds(10);
    private static final long START_POLL_NANOS = Duration.ofMillis(10).toNanos();
    private static final long FAILURE_MEMORY_NANOS = Duration.ofSeconds(5).toNanos();
    private static final long PRODUCER_HEADROOM_BYTES = 32L << 20;

    private final Producer<byte[], byte[]> producer;
    private final Inlets inlets;
    private final Map<Inlet, CollectorMetrics.Counters> counters = new HashMap<>();
    private final CollectorSettings settings;
    private final Access access;
    private final ServerIds serverIds =
            new ServerIds(InstantSource.system(), () -> ThreadLocalRandom.current().nextLong());
    private final InFlight bytesInFlight;
    private final InFlight requestsInFlight;
    private final Backlog backlog;
    private volatile boolean failing;
    private volatile long lastFailureNanos;

    private EventIntake(
            Producer<byte[], byte[]> producer,
            Collection<Inlet> inlets,
            CollectorSettings settings,
            Access access,
            PrometheusRegistry registry) {
        this.producer = producer;
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
    /// then answers [Receipt.Unavailable] until the log is there.
    public static EventIntake open(Parts parts, CollectorSettings settings) {
        List<Inlet> inlets =
                parts.contracts().stream()
                        .map(contract ->
                                new Inlet(
                                        parts.names(),
                                        contract,
                                        settings.limits().eventSize().bytes()))
                        .toList();
        Producer<byte[], byte[]> producer =
                parts.log().producer("leat-collector", producerConfig(settings));
        EventIntake intake =
                new EventIntake(producer, inlets, settings, parts.access(), parts.registry());
        intake.awaitTopics();
        return intake;
    }

    private static Map<String, Object> producerConfig(CollectorSettings settings) {
        int deliveryMillis = Math.toIntExact(settings.deliveryTimeout().toMillis());
        Map<String, Object> config = new HashMap<>();
        // Event loops call send: it must fail rather than wait.
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 0L);
        // A topic that nobody wrote to for a while must still be known without a wait.
        config.put(ProducerConfig.METADATA_MAX_IDLE_CONFIG, Duration.ofDays(365).toMillis());
        config.put(
                ProducerConfig.BUFFER_MEMORY_CONFIG,
                settings.limits().inFlightSize().bytes() + PRODUCER_HEADROOM_BYTES);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, deliveryMillis);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, deliveryMillis - LINGER_MILLIS);
        config.put(ProducerConfig.LINGER_MS_CONFIG, LINGER_MILLIS);
        config.put(ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
        config.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 20L);
        config.put(ProducerConfig.RETRY_BACKOFF_MAX_MS_CONFIG, 200L);
        return config;
    }

    private static final int LINGER_MILLIS = 1;
    private static final int BATCH_BYTES = 128 << 10;

    public Inlets inlets() {
        return inlets;
    }

    public CollectorSettings.Limits limits() {
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

    /// Whether the log takes events, as far as is known: its topics are, and nothing failed in the
    /// last five seconds that was not followed by a success.
    public boolean ready() {
        boolean failedLately =
                failing && System.nanoTime() - lastFailureNanos < FAILURE_MEMORY_NANOS;
        return !failedLately && topicsKnown();
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
        for (ProducerRecord<byte[], byte[]> record : records) {
            send(record, delivery);
            FailPoint.reach("collector.mid-batch");
        }
    }

    private static Optional<Receipt> refusal(Caller caller, Inlet inlet, IncomingBatch batch) {
        Optional<Denial> denial = caller.denial(inlet.contract());
        if (denial.isPresent()) {
            return Optional.of(new Receipt.Denied(denial.get()));
        }
        long waitMillis = caller.take(batch.events().size(), batch.bytes());
        return waitMillis == 0 ? Optional.empty() : Optional.of(new Receipt.Throttled(waitMillis));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the delivery is told
    private void send(ProducerRecord<byte[], byte[]> record, Delivery delivery) {
        try {
            producer.send(record, delivery);
        } catch (KafkaException | IllegalStateException e) {
            // Thrown instead of reported when the producer is closed or in a fatal state.
            delivery.onCompletion(null, e);
        }
    }

    /// Waits for what was handed over, then closes the producer. Doors close first.
    @Override
    public void close() {
        producer.close(settings.deliveryTimeout());
    }

    private void awaitTopics() {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!topicsKnown()) {
            if (System.nanoTime() > deadline) {
                LOG.atWarn().log("Kafka does not know the topics yet, starting without them");
                return;
            }
            LockSupport.parkNanos(START_POLL_NANOS);
        }
    }

    private boolean topicsKnown() {
        try {
            for (Inlet inlet : counters.keySet()) {
                producer.partitionsFor(inlet.rawTopic());
                producer.partitionsFor(inlet.deadTopic());
            }
            return true;
        } catch (TimeoutException _) {
            return false;
        } catch (KafkaException | IllegalStateException e) {
            LOG.atWarn().setCause(e).log("Kafka refuses to describe the topics");
            return false;
        }
    }

    private void failed(Exception cause) {
        if (!failing) {
            LOG.atWarn().addKeyValue("cause", cause.getMessage()).log("Kafka takes no events");
        }
        failing = true;
        lastFailureNanos = System.nanoTime();
    }

    private void succeeded() {
        if (failing) {
            failing = false;
            LOG.atInfo().log("Kafka takes events again");
        }
    }

    /// One batch on its way: counts acknowledgements and settles with the last of them.
    private final class Delivery implements Callback {

        private final Inlet inlet;
        private final List<Receipt.Item> items;
        private final int sent;
        private final long bytes;
        private final Consumer<Receipt> receiver;
        private final AtomicInteger open;
        private final AtomicInteger failures = new AtomicInteger();
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
        public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
            if (exception != null) {
                failure = exception;
                failures.incrementAndGet();
            }
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
                if (sent > 0) {
                    succeeded();
                }
                receipt = new Receipt.Settled(items);
                count(counted);
            } else {
                failed(cause);
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
