package leat.stream.inspect;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.encoding.PayloadDecoder;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// The newest events of a contract, or those that come from now on, across its partitions in the
/// order of their append times.
public final class Tail {

    /// How many records [#last] reads at most, to find what the filter wants.
    public static final long MAX_SCANNED = 1_000_000;

    /// How many events [#last] gives at most.
    public static final int MAX_EVENTS = 100_000;

    private static final Comparator<LogEvent> ORDER =
            Comparator.comparing(LogEvent::appended)
                    .thenComparing(LogEvent::topic)
                    .thenComparingInt(LogEvent::partition)
                    .thenComparingLong(LogEvent::offset);

    private final LogConnection connection;
    private final Names names;

    public Tail(LogConnection connection, Names names) {
        this.connection = connection;
        this.names = names;
    }

    /// Which of a contract's topics are looked at.
    public enum Kind {
        RAW,
        ENRICHED,
        DEAD,
        /// Those of a feature view, whose contract is that of its vectors.
        VECTORS,
        /// Those of a scoring, whose contract is that of its predictions.
        PREDICTIONS
    }

    /// What is wanted.
    ///
    /// @param since leaves out what was appended before
    public record Query(
            Contract contract, Kind kind, Optional<Instant> since, EventFilter filter) {}

    /// What was found.
    ///
    /// @param complete false when [Tail#MAX_SCANNED] ended the search before as many were found as
    ///   asked for
    public record Found(List<LogEvent> events, boolean complete) {
        public Found {
            events = List.copyOf(events);
        }
    }

    /// The last `count` events that the query wants, oldest first.
    ///
    /// @throws IllegalArgumentException when `count` is not from 1 to [#MAX_EVENTS]
    public Found last(Query query, int count) {
        if (count < 1 || count > MAX_EVENTS) {
            throw new IllegalArgumentException("ask for 1 to " + MAX_EVENTS + " events");
        }
        try (TopicScan scan = new TopicScan(connection, topics(query))) {
            Map<TopicPartition, Long> ends = scan.ends();
            Map<TopicPartition, Long> begins =
                    query.since().map(since -> scan.firstAt(since, ends)).orElseGet(scan::begins);
            long step = Math.max(count, 1_000);
            while (true) {
                Map<TopicPartition, Long> starts = new HashMap<>();
                long scanned = 0;
                boolean atBegins = true;
                for (TopicPartition partition : scan.partitions()) {
                    long begin = TopicScan.offset(begins, partition);
                    long end = TopicScan.offset(ends, partition);
                    long start = Math.max(begin, end - step);
                    starts.put(partition, start);
                    scanned += Math.max(0, end - start);
                    atBegins &= start <= begin;
                }
                List<LogEvent> found = newest(scan, starts, ends, query, count);
                boolean enough = found.size() >= count || atBegins;
                if (enough || scanned >= MAX_SCANNED) {
                    return new Found(found, enough);
                }
                step *= 8;
            }
        }
    }

    /// Each partition's newest `count` events are enough to know the newest of all.
    private static List<LogEvent> newest(
            TopicScan scan,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> ends,
            Query query,
            int count) {
        Optional<PayloadDecoder> decoder = PayloadDecoder.of(query.contract());
        Map<TopicPartition, Deque<LogEvent>> kept = new HashMap<>();
        scan.read(
                starts,
                ends,
                record -> {
                    LogEvent event = LogEvent.of(record, decoder);
                    if (query.filter().accepts(event)) {
                        Deque<LogEvent> events =
                                kept.computeIfAbsent(
                                        new TopicPartition(record.topic(), record.partition()),
                                        _ -> new ArrayDeque<>());
                        events.addLast(event);
                        if (events.size() > count) {
                            events.removeFirst();
                        }
                    }
                });
        List<LogEvent> all = new ArrayList<>();
        kept.values().forEach(all::addAll);
        all.sort(ORDER);
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    /// Hands over what comes from now on, or from the query's time, until `running` says no. Events
    /// that arrive together are in the order of their append times.
    ///
    /// @return how many were handed over
    public long follow(Query query, Consumer<LogEvent> taker, BooleanSupplier running) {
        long count = 0;
        Optional<PayloadDecoder> decoder = PayloadDecoder.of(query.contract());
        try (TopicScan scan = new TopicScan(connection, topics(query))) {
            Map<TopicPartition, Long> ends = scan.ends();
            scan.follow(query.since().map(since -> scan.firstAt(since, ends)).orElse(ends));
            while (running.getAsBoolean()) {
                List<LogEvent> events = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : scan.poll()) {
                    LogEvent event = LogEvent.of(record, decoder);
                    if (query.filter().accepts(event)) {
                        events.add(event);
                    }
                }
                events.sort(ORDER);
                events.forEach(taker);
                count += events.size();
            }
        }
        return count;
    }

    private List<String> topics(Query query) {
        Contract contract = query.contract();
        return switch (query.kind()) {
            case RAW -> List.of(names.raw(contract));
            case ENRICHED -> List.of(names.enriched(contract));
            case VECTORS -> List.of(names.vectors(contract));
            case PREDICTIONS -> List.of(names.predictions(contract));
            case DEAD -> {
                List<String> topics = new ArrayList<>();
                for (DeadStage stage : DeadStage.values()) {
                    topics.add(names.dead(contract, stage));
                }
                yield topics;
            }
        };
    }
}
