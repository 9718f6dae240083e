package leat.launcher.demo;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import java.util.List;
import leat.core.contract.Contract;
import leat.launcher.Platform;
import leat.launcher.config.Workspace;
import leat.launcher.fleet.LakeRows;
import leat.stream.search.SearchEngine;

/// How far some contracts' events have come in a platform that runs in this process. Counts grow
/// from different starts: only their differences mean something.
final class PlatformCounts {

    private final Workspace workspace;
    private final Platform platform;
    private final List<Contract> contracts;

    PlatformCounts(Workspace workspace, Platform platform, List<Contract> contracts) {
        this.workspace = workspace;
        this.platform = platform;
        this.contracts = List.copyOf(contracts);
    }

    /// One look.
    record Counts(long enriched, long dead, long duplicates, long searchable, long inLake) {

        /// Whether everything that was accepted since `before` has arrived wherever it goes.
        boolean settled(Counts before, long accepted) {
            long enrichedSince = enriched - before.enriched;
            return enrichedSince + dead - before.dead + duplicates - before.duplicates >= accepted
                    && searchable - before.searchable >= enrichedSince
                    && inLake - before.inLake >= enrichedSince;
        }
    }

    Counts now() {
        long searchable = 0;
        for (Contract contract : contracts) {
            searchable += searchable(contract);
        }
        return new Counts(
                counter("leat_enricher_enriched_events"),
                counter("leat_enricher_dead_events"),
                counter("leat_enricher_duplicate_events"),
                searchable,
                LakeRows.of(platform, contracts));
    }

    private long searchable(Contract contract) {
        SearchEngine engine = platform.searchEngine();
        String index = workspace.names().index("enriched", contract);
        if (engine.index(index).isEmpty()) {
            return 0;
        }
        engine.refresh(index);
        return engine.count(index);
    }

    private static long counter(String name) {
        double sum =
                PrometheusRegistry.defaultRegistry.scrape(wanted -> wanted.equals(name)).stream()
                        .filter(CounterSnapshot.class::isInstance)
                        .map(CounterSnapshot.class::cast)
                        .flatMap(snapshot -> snapshot.getDataPoints().stream())
                        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
                        .sum();
        return Math.round(sum);
    }
}
