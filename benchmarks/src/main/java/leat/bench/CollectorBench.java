package leat.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import leat.core.event.Names;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/// `leat bench collector`: how much of what Kafka and Netty can do is left of them behind the
/// collector.
public final class CollectorBench {

    private static final String ROLES = "broker, collector, HTTP client";
    private static final int BATCH = 500;
    private static final int BATCH_CONNECTIONS = 4;
    private static final int BATCH_PIPELINED = 2;
    private static final int SINGLE_CONNECTIONS = 256;
    private static final int DISTINCT_EVENTS = 50_000;

    private CollectorBench() {}

    /// Measures batched and single posts.
    public static void run(Workbench bench) {
        Names names = Workbench.names("collector");
        bench.createTopics(names);
        List<byte[]> events =
                BenchEvents.of(bench.generator(), Math.min(DISTINCT_EVENTS, bench.events()));
        try (RunningCollector collector =
                RunningCollector.start(bench.log(), names, bench.contract())) {
            batch(bench, names, collector, events);
            single(bench, collector, events);
        }
    }

    private static void batch(
            Workbench bench, Names names, RunningCollector collector, List<byte[]> events) {
        List<byte[]> requests = RunningCollector.batchRequests(bench.contract(), events, BATCH);
        int total = Math.ceilDiv(bench.events(), BATCH);
        HttpLoad load = new HttpLoad(collector.address(), BATCH_CONNECTIONS, BATCH_PIPELINED);
        load.send(requests, requests.size());
        Names limit = Workbench.names("producer");
        bench.createTopics(limit, List.of(limit.raw(bench.contract())));
        List<ProducerRecord<byte[], byte[]>> records =
                Filling.records(bench, names.raw(bench.contract()), events.size()).stream()
                        .map(record ->
                                new ProducerRecord<>(
                                        limit.raw(bench.contract()),
                                        null,
                                        record.key(),
                                        record.value(),
                                        record.headers()))
                        .toList();
        Map<String, Run.Round> peers = new LinkedHashMap<>();
        BareProducer.SETTINGS.forEach((name, setting) ->
                peers.put(name, () -> produce(bench, setting, records, (long) total * BATCH)));
        new Contest(
                        ROLES,
                        () ->
                                Run.of(() -> {
                                    load.send(requests, total);
                                    return (long) total * BATCH;
                                }),
                        bench.progress())
                .against("collector-batch", peers)
                .hold(bench.rounds())
                .forEach(bench.metrics());
    }

    private static Run produce(
            Workbench bench,
            Map<String, Object> setting,
            List<ProducerRecord<byte[], byte[]>> records,
            long total) {
        try (Producer<byte[], byte[]> producer = bench.log().producer("bench-producer", setting)) {
            producer.partitionsFor(records.getFirst().topic());
            return Run.of(() -> BareProducer.send(producer, records, total));
        }
    }

    private static void single(Workbench bench, RunningCollector collector, List<byte[]> events) {
        List<byte[]> requests = RunningCollector.singleRequests(bench.contract(), events);
        int total = Math.max(10_000, bench.events() / 3);
        try (DoNothingServer server = DoNothingServer.start()) {
            HttpLoad subject = new HttpLoad(collector.address(), SINGLE_CONNECTIONS, 1);
            HttpLoad limit = new HttpLoad(server.address(), SINGLE_CONNECTIONS, 1);
            new Contest(ROLES, () -> Run.of(() -> subject.send(requests, total)), bench.progress())
                    .against(
                            "collector-single",
                            Map.of(
                                    "Netty server that answers 202",
                                    () -> Run.of(() -> limit.send(requests, total))))
                    .hold(bench.rounds())
                    .forEach(bench.metrics());
        }
    }
}
