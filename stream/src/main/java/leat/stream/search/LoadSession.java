package leat.stream.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.stream.log.Backoff;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One membership in the loaders' group, from checked indices to the first thing that makes a new
/// start necessary. One thread uses it.
final class LoadSession implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LoadSession.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CHECK_INTERVAL = Duration.ofSeconds(2);
    private static final String ROLE = "search";

    private final SearchLoader.Parts parts;
    private final Consumer<LoaderState> states;
    private final Targets targets;
    private final Admin admin;
    private final Producer<byte[], byte[]> producer;
    private final org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> consumer;
    private final EnrichedDocuments enrichedDocuments;
    private final DeadDocuments deadDocuments;
    private final SearchDeadLetters deadLetters;
    private final BulkSender sender;

    private @Nullable LoadBatch batch;
    private long retryAtNanos;
    private long checkAtNanos = System.nanoTime() + CHECK_INTERVAL.toNanos();

    /// The indices and the topics they are loaded from, as they were when the session began.
    ///
    /// @param indexUuids by topic
    private record Targets(
            String enrichedTopic,
            String retryTopic,
            IndexTemplate enriched,
            IndexTemplate dead,
            Map<String, TopicId> topics,
            Map<String, String> indexUuids) {

        static Targets prepare(SearchLoader.Parts parts, Admin admin) {
            Names names = parts.names();
            Contract contract = parts.contract();
            SearchFeed feed = parts.feed();
            String enrichedTopic = feed.topic(names, contract);
            String retryTopic = names.retry(contract, Names.DeadStage.SEARCH);
            Map<String, TopicId> topics = new Topics(admin, 1).ids(topics(parts));
            for (String topic : topics(parts)) {
                if (!topics.containsKey(topic)) {
                    throw new LogUnavailable(
                            "topic " + topic + " does not exist; leat up makes it", null);
                }
            }
            Map<String, TopicId> deadTopics = new HashMap<>(topics);
            Map<String, TopicId> eventTopics = new HashMap<>(topics);
            deadTopics.keySet().removeAll(Set.of(enrichedTopic, retryTopic));
            eventTopics.keySet().retainAll(Set.of(enrichedTopic, retryTopic));
            IndexTemplate enriched =
                    IndexTemplate.of(feed, names, contract, eventTopics, parts.settings());
            IndexTemplate dead = IndexTemplate.dead(names, contract, deadTopics, parts.settings());
            String enrichedUuid = SearchIndex.ensure(parts.engine(), enriched);
            String deadUuid = SearchIndex.ensure(parts.engine(), dead);
            Map<String, String> uuids = new HashMap<>();
            topics.keySet()
                    .forEach(topic ->
                            uuids.put(
                                    topic,
                                    eventTopics.containsKey(topic) ? enrichedUuid : deadUuid));
            return new Targets(
                    enrichedTopic, retryTopic, enriched, dead, topics, Map.copyOf(uuids));
        }

        private static List<String> topics(SearchLoader.Parts parts) {
            Names names = parts.names();
            Contract contract = parts.contract();
            List<String> topics = new ArrayList<>();
            topics.add(parts.feed().topic(names, contract));
            if (parts.feed().comesBack()) {
                topics.add(names.retry(contract, Names.DeadStage.SEARCH));
            }
            for (Names.DeadStage stage : parts.feed().deadStages()) {
                topics.add(names.dead(contract, stage));
            }
            return topics;
        }

        /// Whether a topic has events, not dead letters.
        boolean ofEvents(String topic) {
            return topic.equals(enrichedTopic) || topic.equals(retryTopic);
        }

        TopicId enrichedId() {
            TopicId id = topics.get(enrichedTopic);
            if (id == null) {
                throw new IllegalStateException("no id of topic " + enrichedTopic);
            }
            return id;
        }

        /// What is committed beside an offset: it counts for this index only.
        String mark(String topic) {
            return "index=" + indexUuids.get(topic);
        }
    }

    private LoadSession(
            SearchLoader.Parts parts, Consumer<LoaderState> states, Admin admin, Targets targets) {
        this.parts = parts;
        this.states = states;
        this.admin = admin;
        this.targets = targets;
        Contract contract = parts.contract();
        String client = parts.names().group(ROLE) + "." + contract.nameAndMajor();
        this.producer = parts.log().producer(client, SearchDeadLetters.producerLimits());
        this.consumer = parts.log().groupConsumer(client, client, consumerConfig(parts.settings()));
        this.enrichedDocuments = new EnrichedDocuments(targets.enriched().index(), contract);
        this.deadDocuments = new DeadDocuments(targets.dead().index(), targets.topics());
        this.deadLetters =
                new SearchDeadLetters(
                        producer,
                        parts.names().dead(contract, Names.DeadStage.SEARCH),
                        targets.enrichedId());
        this.sender =
                new BulkSender(parts.engine(), parts.settings(), parts.metrics(), contract.name());
    }

    /// Checks topics and indices, makes what is missing, and joins the group.
    static LoadSession open(SearchLoader.Parts parts, Consumer<LoaderState> states) {
        Admin admin = parts.log().admin();
        try {
            Targets targets = Targets.prepare(parts, admin);
            FailPoint.reach("search.after-index");
            return new LoadSession(parts, states, admin, targets);
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    private static Map<String, Object> consumerConfig(SearchSettings settings) {
        return Map.of(
                "max.poll.records",
                settings.bulkRecords(),
                "max.poll.interval.ms",
                600_000,
                "fetch.max.bytes",
                16 << 20,
                "max.partition.fetch.bytes",
                2 << 20,
                "partition.assignment.strategy",
                CooperativeStickyAssignor.class.getName(),
                // Every start position is set on purpose: a position that is gone is looked into.
                "auto.offset.reset",
                "none");
    }

    /// Loads until it is told to close.
    void run(CountDownLatch closing, Backoff backoff) {
        consumer.subscribe(targets.topics().keySet(), new Assignments());
        states.accept(new LoaderState.Running());
        while (closing.getCount() > 0) {
            poll();
            if (batch != null && System.nanoTime() - retryAtNanos >= 0) {
                load(batch, backoff);
            }
            if (System.nanoTime() - checkAtNanos >= 0) {
                checkStillTheSame();
                checkAtNanos = System.nanoTime() + CHECK_INTERVAL.toNanos();
            }
        }
    }

    @Override
    public void close() {
        try (admin;
                producer) {
            consumer.close();
        }
    }

    private void poll() {
        try {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(untilRetry());
            if (!records.isEmpty() || !records.nextOffsets().isEmpty()) {
                if (batch != null) {
                    throw new IllegalStateException("records came while a batch was held");
                }
                batch = batch(records);
                retryAtNanos = System.nanoTime();
            }
        } catch (OffsetOutOfRangeException e) {
            checkTopics();
            LOG.atError()
                    .addKeyValue("contract", contract())
                    .addKeyValue("positions", e.offsetOutOfRangePartitions())
                    .log("Retention removed records before search had loaded them");
            consumer.seekToBeginning(e.offsetOutOfRangePartitions().keySet());
        }
    }

    private Duration untilRetry() {
        if (batch == null) {
            return POLL;
        }
        long nanos = Math.max(0, retryAtNanos - System.nanoTime());
        return Duration.ofNanos(Math.min(nanos, POLL.toNanos()));
    }

    private LoadBatch batch(ConsumerRecords<byte[], byte[]> records) {
        LoadBatch next = new LoadBatch(records.nextOffsets());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            next.add(
                    record,
                    targets.ofEvents(record.topic())
                            ? enrichedDocuments.of(record)
                            : deadDocuments.of(record));
        }
        return next;
    }

    private void load(LoadBatch current, Backoff backoff) {
        Optional<String> wait = sender.send(current);
        if (wait.isEmpty()) {
            wait = writeRefusals(current);
        }
        if (wait.isPresent()) {
            hold(wait.get(), backoff.next());
            return;
        }
        commit(current.nextOffsets());
        FailPoint.reach("search.after-commit");
        batch = null;
        backoff.reset();
        if (!consumer.paused().isEmpty()) {
            consumer.resume(consumer.paused());
            states.accept(new LoaderState.Running());
        }
    }

    /// Keeps the batch for another attempt. The consumer goes on polling without fetching, so that
    /// it stays in its group however long the engine is away.
    private void hold(String reason, Duration delay) {
        parts.metrics().retries.labelValues(contract()).inc();
        states.accept(new LoaderState.Waiting(reason));
        consumer.pause(consumer.assignment());
        retryAtNanos = System.nanoTime() + delay.toNanos();
    }

    /// @return why the dead letters are not written; empty when they are
    private Optional<String> writeRefusals(LoadBatch current) {
        List<LoadBatch.Refusal> events = new ArrayList<>();
        List<LoadBatch.Refusal> letters = new ArrayList<>();
        for (LoadBatch.Refusal refusal : current.refusals()) {
            boolean event = targets.ofEvents(refusal.record().topic());
            (event ? events : letters).add(refusal);
        }
        if (!events.isEmpty()) {
            try {
                deadLetters.write(events);
            } catch (LogUnavailable e) {
                return Optional.of(String.valueOf(e.getMessage()));
            }
            FailPoint.reach("search.after-dead");
        }
        report(events, letters);
        return Optional.empty();
    }

    private void report(List<LoadBatch.Refusal> events, List<LoadBatch.Refusal> letters) {
        parts.metrics().refused.labelValues(contract()).inc(events.size());
        parts.metrics().deadRefused.labelValues(contract()).inc(letters.size());
        if (!letters.isEmpty()) {
            LoadBatch.Refusal first = letters.getFirst();
            LOG.atWarn()
                    .addKeyValue("contract", contract())
                    .addKeyValue("count", letters.size())
                    .addKeyValue("topic", first.record().topic())
                    .addKeyValue("partition", first.record().partition())
                    .addKeyValue("offset", first.record().offset())
                    .addKeyValue("reason", first.reason().message())
                    .log("Search refused dead letters; they stay in the log and the lake");
        }
    }

    private void commit(Map<TopicPartition, OffsetAndMetadata> next) {
        Map<TopicPartition, OffsetAndMetadata> marked = new HashMap<>();
        next.forEach((partition, offset) ->
                marked.put(
                        partition,
                        new OffsetAndMetadata(
                                offset.offset(),
                                offset.leaderEpoch(),
                                targets.mark(partition.topic()))));
        try {
            consumer.commitSync(marked);
        } catch (CommitFailedException | RebalanceInProgressException e) {
            // Whoever has the partitions now loads these records again, to no effect.
            LOG.atInfo()
                    .addKeyValue("contract", contract())
                    .addKeyValue("reason", e.getMessage())
                    .log("Offsets not committed during a rebalance");
        }
    }

    private void checkStillTheSame() {
        try {
            checkTopics();
            checkIndex(targets.enriched().index(), targets.enrichedTopic());
            checkIndex(
                    targets.dead().index(),
                    parts.names().dead(parts.contract(), Names.DeadStage.SEARCH));
        } catch (LogUnavailable | EngineUnavailable e) {
            LOG.atDebug().setCause(e).log("Topics and indices could not be checked");
        }
    }

    private void checkTopics() {
        Map<String, TopicId> now = new Topics(admin, 1).ids(targets.topics().keySet());
        for (IndexTemplate index : List.of(targets.enriched(), targets.dead())) {
            SearchIndex.checkTopics(index.index(), index.topics(), now);
        }
    }

    private void checkIndex(String index, String topic) {
        Optional<SearchEngine.IndexIdentity> now = parts.engine().index(index);
        if (now.isEmpty() || !now.get().uuid().equals(targets.indexUuids().get(topic))) {
            throw new IndexGone("index " + index + " was deleted");
        }
    }

    private String contract() {
        return parts.contract().name().value();
    }

    /// Sets the position of every partition that comes, and forgets the work on those that go.
    private final class Assignments implements ConsumerRebalanceListener {

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    consumer.committed(Set.copyOf(partitions));
            Set<TopicPartition> fromStart = new HashSet<>();
            for (TopicPartition partition : partitions) {
                OffsetAndMetadata offset = committed.get(partition);
                if (offset == null || !offset.metadata().equals(targets.mark(partition.topic()))) {
                    fromStart.add(partition);
                }
            }
            if (!fromStart.isEmpty()) {
                consumer.seekToBeginning(fromStart);
                LOG.atInfo()
                        .addKeyValue("contract", contract())
                        .addKeyValue("partitions", fromStart.size())
                        .log("Loading partitions from their start");
            }
            if (batch != null) {
                consumer.pause(partitions);
            }
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            if (batch != null) {
                batch.drop(partitions);
            }
        }
    }
}
