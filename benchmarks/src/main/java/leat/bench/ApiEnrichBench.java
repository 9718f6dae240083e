package leat.bench;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import leat.core.contract.Contract;
import leat.core.contract.Contracts;
import leat.core.contract.EnrichQuestion;
import leat.core.contract.EnrichStep;
import leat.core.contract.EnrichStep.Fallback;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.yaml.Location;
import leat.stream.enricher.Enricher;
import leat.stream.enricher.EnricherSettings;
import leat.stream.enricher.EnrichmentSources;
import leat.stream.enricher.Flow;
import leat.stream.enricher.api.ApiSettings;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// `leat bench enrich --api-latency`: one partition whose events each ask a service that takes its
/// time. No two events ask the same and nothing is kept, so that every event pays. What stands on
/// enriched is read back: each event once, each key in its order.
public final class ApiEnrichBench {

    /// What one partition must do; a consumer that makes one call at a time does 50 at 20 ms.
    private static final double BAR = 10_000;

    private static final String ROLES = "broker, enricher, enrichment service";
    private static final String API = "bench";
    private static final int WARM_UPS = 2;

    private final Workbench bench;
    private final Admin admin;
    private final Contract contract;
    private final String raw;
    private final AtomicInteger round = new AtomicInteger();

    private ApiEnrichBench(Workbench bench, Admin admin, String raw) {
        this.bench = bench;
        this.admin = admin;
        this.contract = bench.contract();
        this.raw = raw;
    }

    /// Measures.
    ///
    /// @param latency how long the service takes for a call
    public static void run(Workbench given, Duration latency) {
        Workbench bench = given.with(asking(given.contract()));
        Names names = Workbench.names("enrich-api");
        bench.createTopics(names);
        bench.progress().accept("enrich with an api: filling raw");
        Filling.raw(bench, names, BenchEvents.of(bench.generator(), bench.events()));
        try (Admin admin = bench.log().admin();
                SlowService service = SlowService.start(latency)) {
            new ApiEnrichBench(bench, admin, names.raw(bench.contract())).measure(service);
        }
    }

    /// The contract on one partition, with one step: a call for every event.
    private static Contract asking(Contract contract) {
        EnrichStep step =
                new EnrichStep.Fetched(
                        new EnrichQuestion(
                                new EnrichQuestion.Source.Service(API),
                                "event.car + '@' + string(event.time)",
                                List.of(),
                                Duration.ofSeconds(10)),
                        List.of(new EnrichStep.Taken("fleet", "fleet")),
                        new Fallback.Dead(),
                        new Fallback.Dead(),
                        Location.startOf(contract.file()));
        return contract.withPartitions(1).withSteps(List.of(step));
    }

    private void measure(SlowService service) {
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < WARM_UPS + bench.rounds(); i++) {
            long callsBefore = service.calls();
            Run run = enrich(service.url());
            bench.progress()
                    .accept(
                            String.format(
                                    Locale.ROOT,
                                    "enrich with an api: %,.0f events/s, %.1f CPU-s a million,"
                                            + " %,d calls%s",
                                    run.eventsPerSecond(),
                                    run.cpuSecondsPerMillion(),
                                    service.calls() - callsBefore,
                                    i < WARM_UPS ? " (warm-up)" : ""));
            if (i >= WARM_UPS) {
                runs.add(run);
            }
        }
        double value = Contest.median(runs, Run::eventsPerSecond);
        bench.metrics()
                .accept(
                        new Metric(
                                "enrich-api-events-per-second",
                                value,
                                "events/s",
                                BAR,
                                value / BAR,
                                Contest.median(runs, Run::cpuSecondsPerMillion),
                                0,
                                "the stated bar",
                                runs.size(),
                                ROLES));
    }

    private Run enrich(String url) {
        Names out = Workbench.names("enrich-api-" + round.incrementAndGet());
        List<String> topics =
                List.of(out.enriched(contract), out.dead(contract, DeadStage.ENRICHER));
        bench.createTopics(out, topics);
        Run run;
        try (EnrichmentSources sources =
                        EnrichmentSources.open(
                                new EnrichmentSources.Place(bench.log(), out),
                                new Contracts(List.of(contract)),
                                EnricherSettings.DEFAULT.withApis(
                                        Map.of(API, ApiSettings.at(url))));
                Enricher _ =
                        Enricher.start(
                                bench.log(),
                                new Enricher.Instance(
                                        out, "1", bench.folder().resolve(out.prefix())),
                                EnricherSettings.DEFAULT,
                                List.of(flow(out, sources)))) {
            run =
                    Run.following(
                            () -> Workbench.committed(admin, out.group(Enricher.ROLE), raw), end());
        }
        checkOutput(out);
        bench.deleteTopics(topics);
        return run;
    }

    private Flow flow(Names out, EnrichmentSources sources) {
        return new Flow(
                contract.name().toString(),
                contract.version().toString(),
                raw,
                out.enriched(contract),
                out.dead(contract, DeadStage.ENRICHER),
                contract.dedupeWindow(),
                Flow.of(out, contract, sources).judge());
    }

    private long end() {
        return bench.ends(raw).values().stream().mapToLong(Long::longValue).sum();
    }

    /// Every event once, and each key's in the order of raw.
    ///
    /// @throws IllegalStateException when it is not so
    private void checkOutput(Names out) {
        List<ConsumerRecord<byte[], byte[]>> enriched =
                Filling.records(bench, out.enriched(contract), bench.events());
        Map<String, Long> lastOfKey = new HashMap<>();
        boolean[] seen = new boolean[(int) end()];
        for (ConsumerRecord<byte[], byte[]> record : enriched) {
            String position = EventHeader.text(record.headers(), EventHeaders.POSITION);
            int offset = position == null ? -1 : (int) Position.parse(position).offset();
            String key = new String(record.key(), StandardCharsets.UTF_8);
            Long before = lastOfKey.put(key, (long) offset);
            if (offset < 0 || seen[offset] || (before != null && before > offset)) {
                throw new IllegalStateException(
                        "raw offset " + offset + " of " + key + " is doubled or out of order");
            }
            seen[offset] = true;
        }
        long end = bench.ends(out.dead(contract, DeadStage.ENRICHER)).values().iterator().next();
        if (enriched.size() != bench.events() || end != 0) {
            throw new IllegalStateException(
                    enriched.size() + " of " + bench.events() + " events are enriched");
        }
    }
}
