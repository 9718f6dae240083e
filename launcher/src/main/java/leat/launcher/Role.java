package leat.launcher;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import leat.launcher.config.Workspace;
import leat.stream.enricher.EnrichmentSources;

/// A part of the platform that a process can run. `leat up` runs those that the workspace needs; on
/// a cluster each process runs some.
public enum Role {
    /// The embedded broker.
    KAFKA,
    /// The embedded search engine.
    OPENSEARCH,
    /// The doors by which events come in.
    COLLECTOR,
    /// Validation, duplicates, added fields.
    ENRICHER,
    /// Log to Iceberg tables, and their upkeep.
    LAKE,
    /// Log to the search engine.
    SEARCH,
    /// Log to InfluxDB.
    METRICS,
    /// Sources that are pulled from on a schedule.
    EXTRACTOR,
    /// Rules of quality and alerts.
    MONITOR,
    /// Feature views: events to vectors.
    FEATURES,
    /// Models: vectors to predictions.
    SCORER,
    /// Models that are trained by themselves.
    TRAINER,
    /// SQL and every HTTP interface that people call.
    CONSOLE,
    /// A server of look-ups for enrichment steps.
    ENRICHMENT_API;

    /// The roles of the whole platform of a workspace in one process.
    public static Set<Role> together(Workspace workspace) {
        Set<Role> roles = EnumSet.allOf(Role.class);
        if (!workspace.config().enrichmentApi().withUp() && !asksItself(workspace)) {
            roles.remove(ENRICHMENT_API);
        }
        if (workspace.extractions().isEmpty()) {
            roles.remove(EXTRACTOR);
        }
        if (workspace.features().isEmpty()) {
            roles.remove(FEATURES);
        }
        if (workspace.scorings().isEmpty()) {
            roles.remove(SCORER);
        }
        if (workspace.triggered().isEmpty()) {
            roles.remove(TRAINER);
        }
        return roles;
    }

    /// Whether a contract asks what the workspace's own Enrichment API serves.
    private static boolean asksItself(Workspace workspace) {
        EnrichmentSources.OwnApi own = workspace.ownApi(0);
        return workspace.contracts().all().stream()
                .anyMatch(contract -> own.isAsked(contract, workspace.config().enricher()));
    }

    /// `collector`, as on the command line.
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
