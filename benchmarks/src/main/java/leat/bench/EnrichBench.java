package leat.bench;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.TopicId;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.Flow;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;

/// `leat bench enrich`: the enricher on a full raw topic, against a copy that looks at nothing and
/// against Kafka Streams with the same judge. Each round of each contestant has a group, a folder
/// and output topics of its own.
public final class EnrichBench {

    private static final String ROLES = "broker, enricher";

    private final Workbench bench;
    private final Admin admin;
    private final Contract contract;
    private final String raw;
    private final TopicId rawId;
    private final long records;
    private final AtomicInteger round = new AtomicInteger();

    private EnrichBench(Workbench bench, Admin admin, String raw) {
        this.bench = bench;
        this.admin = admin;
        this.contract = bench.contract();
        this.raw = raw;
        TopicId id = new Topics(admin, 1).ids(List.of(raw)).get(raw);
        if (id == null) {
            throw new IllegalStateException("topic " + raw + " is not there");
        }
        this.rawId = id;
        this.records = bench.ends(raw).values().stream().mapToLong(Long::longValue).sum();
    }

    /// Measures.
    public static void run(Workbench bench) {
        Names names = Workbench.names("enrich");
        bench.createTopics(names);
        bench.progress().accept("enrich: filling raw");
        Filling.raw(bench, names, BenchEvents.of(bench.generator(), bench.events()));
        try (Admin admin = bench.log().admin()) {
            new EnrichBench(bench, admin, names.raw(bench.contract())).measure();
        }
    }

    private void measure() {
        Map<String, Run.Round> copies = new LinkedHashMap<>();
        BareCopy.SETTINGS.forEach((name, batch) -> copies.put(name, () -> copy(batch)));
        Map<String, Run.Round> streams = new LinkedHashMap<>();
        StreamsEnricher.SETTINGS.forEach(
                (name, interval) -> streams.put(name, () -> streams(interval)));
        new Contest(ROLES, this::enrich, bench.progress())
                .against("enrich-vs-copy", copies)
                .against("enrich-vs-streams", streams)
                .hold(bench.rounds())
                .forEach(bench.metrics());
    }

    private Run enrich() {
        Names out = outputs();
        Flow flow =
                new Flow(
                        contract.name().toString(),
                        contract.version().toString(),
                        raw,
                        out.enriched(contract),
                        out.dead(contract, DeadStage.ENRICHER),
                        contract.dedupeWindow(),
                        Flow.of(out, contract).judge());
        Run run;
        try (Enricher _ =
                Enricher.start(
                        bench.log(),
                        new Enricher.Instance(out, "1", bench.folder().resolve(out.prefix())),
                        EnricherSettings.DEFAULT,
                        List.of(flow))) {
            run = follow(out.group(Enricher.ROLE));
        }
        drop(out);
        return run;
    }

    private Run copy(int batch) {
        Names out = outputs();
        String group = out.group("copy");
        Run run;
        try (BareCopy _ = BareCopy.start(bench.log(), raw, out.enriched(contract), group, batch)) {
            run = follow(group);
        }
        drop(out);
        return run;
    }

    private Run streams(Duration commitInterval) {
        Names out = outputs();
        String application = out.group("streams");
        Run run;
        try (StreamsEnricher _ =
                StreamsEnricher.start(
                        bench.log(),
                        contract,
                        new StreamsEnricher.Route(
                                raw,
                                rawId,
                                out.enriched(contract),
                                out.dead(contract, DeadStage.ENRICHER)),
                        application,
                        commitInterval,
                        bench.folder().resolve(out.prefix()))) {
            run = follow(application);
        }
        drop(out);
        return run;
    }

    private Run follow(String group) {
        return Run.following(() -> Workbench.committed(admin, group, raw), records);
    }

    private Names outputs() {
        Names out = Workbench.names("enrich-" + round.incrementAndGet());
        bench.createTopics(out, topics(out));
        return out;
    }

    private void drop(Names out) {
        bench.deleteTopics(topics(out));
    }

    private List<String> topics(Names out) {
        return List.of(out.enriched(contract), out.dead(contract, DeadStage.ENRICHER));
    }
}
