package leat.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import leat.core.event.Names;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Topics filled by the program's own stages before something that reads them is measured, and read
/// back.
final class Filling {

    private static final int BATCH = 500;
    private static final int CONNECTIONS = 8;
    private static final Duration POLL = Duration.ofMillis(200);

    private Filling() {}

    /// Appends the events to raw through the collector, as clients would.
    static void raw(Workbench bench, Names names, List<byte[]> events) {
        try (RunningCollector collector =
                RunningCollector.start(bench.log(), names, bench.contract())) {
            List<byte[]> requests = RunningCollector.batchRequests(bench.contract(), events, BATCH);
            new HttpLoad(collector.address(), CONNECTIONS, 1).sendUntilAccepted(requests);
        }
    }

    /// Starts an enricher under `names`.
    static Enricher enricher(Workbench bench, Names names) {
        return Enricher.start(
                bench.log(),
                new Enricher.Instance(names, "1", bench.folder().resolve(names.prefix())),
                EnricherSettings.DEFAULT,
                List.of(Flow.of(names, bench.contract())));
    }

    /// Appends the events to raw and lets the enricher read all that stands there; how many records
    /// stand on enriched then.
    static long enriched(Workbench bench, Names names, List<byte[]> events) {
        raw(bench, names, events);
        String raw = names.raw(bench.contract());
        long total = bench.ends(raw).values().stream().mapToLong(Long::longValue).sum();
        try (Admin admin = bench.log().admin();
                Enricher _ = enricher(bench, names)) {
            Run.following(() -> Workbench.committed(admin, names.group(Enricher.ROLE), raw), total);
        }
        return count(bench, names.enriched(bench.contract()));
    }

    /// How many committed records a topic has.
    static long count(Workbench bench, String topic) {
        AtomicLong count = new AtomicLong();
        forEach(bench, topic, _ -> count.incrementAndGet());
        return count.get();
    }

    /// Reads the committed records that a topic has now, those of a partition in their order.
    static void forEach(
            Workbench bench,
            String topic,
            java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> action) {
        try (Consumer<byte[], byte[]> reader = bench.log().reader("bench-count", Map.of())) {
            List<TopicPartition> partitions = bench.partitions(topic);
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> reader.position(p) < ends.getOrDefault(p, 0L))) {
                reader.poll(POLL).forEach(action);
            }
        }
    }

    /// Reads the first `count` records of a topic.
    static List<ConsumerRecord<byte[], byte[]>> records(Workbench bench, String topic, int count) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>(count);
        try (Consumer<byte[], byte[]> reader = bench.log().reader("bench-read", Map.of())) {
            List<TopicPartition> partitions = bench.partitions(topic);
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            while (records.size() < count) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    if (records.size() < count) {
                        records.add(record);
                    }
                }
            }
        }
        return records;
    }
}
