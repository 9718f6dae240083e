package leat.stream.audit;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.prediction.Scoring;
import leat.stream.audit.AuditReport.ContractAudit;
import leat.stream.audit.Sighting.Place;

/// Certifies a window of time from the data itself: each raw record has exactly one output or is a
/// duplicate, derived again; each enriched event is exactly once in the lake and searchable, or was
/// refused, or is named as pending; and each dead letter, of whatever stage, likewise. Each vector
/// of a scoring has one prediction, by the version that the record of swaps has for it, which is
/// once in the lake and searchable.
///
/// Without [AuditRequest#deep] lake and search are compared by counts a partition, which does not
/// see one row missing and another doubled in the same partition; a sink whose count does not fit
/// is compared as in a deep audit.
public final class Audit {

    private final Names names;
    private final AuditSettings settings;
    private final Sources sources;
    private final Path workFolder;
    private final InstantSource clock;

    /// Where an audit looks. A sink that is absent is not judged and noted.
    public record Sources(
            AuditLog log,
            Optional<LakePositionsSource> lake,
            Optional<SearchDocumentsSource> search,
            Optional<SpoolSource> spool,
            Optional<SwapSource> swaps) {

        /// Without a spool, and for no scoring.
        public Sources(
                AuditLog log,
                Optional<LakePositionsSource> lake,
                Optional<SearchDocumentsSource> search) {
            this(log, lake, search, Optional.empty(), Optional.empty());
        }

        Sources withoutLake() {
            return new Sources(log, Optional.empty(), search, spool, swaps);
        }
    }

    /// @param workFolder for temporary files
    public Audit(
            Names names,
            AuditSettings settings,
            Sources sources,
            Path workFolder,
            InstantSource clock) {
        this.names = names;
        this.settings = settings;
        this.sources = sources;
        this.workFolder = workFolder;
        this.clock = clock;
    }

    /// Looks at everything in the window.
    ///
    /// @throws AuditTooLarge when the window holds more than the settings allow
    /// @throws leat.stream.log.LogUnavailable when the log cannot be read
    /// @throws IllegalArgumentException when the ledger cannot be understood
    public AuditReport run(AuditRequest request) {
        Instant now = clock.instant();
        List<ContractAudit> contracts = new ArrayList<>();
        for (Contract contract : request.contracts()) {
            ContractAudit events;
            try (Sightings sightings = empty()) {
                // Before the log's end is looked up: what leaves the spool meanwhile is in both.
                readSpool(contract, sightings);
                events =
                        new ContractWalk(
                                        sources,
                                        request,
                                        new FollowedEvents(names, contract),
                                        sightings)
                                .walk(now);
            }
            contracts.add(
                    events.and(
                            new DeadWalk(names, sources, request, contract, this::empty)
                                    .walk(now)));
        }
        for (Scoring scoring : request.scorings()) {
            predictions(request.withoutLedger(), scoring, now, contracts);
        }
        return new AuditReport(request.from(), request.to(), request.deep(), contracts);
    }

    /// The predictions that answer, and those of shadows. They have no dead letters but those of
    /// search, which are in no table.
    private void predictions(
            AuditRequest request, Scoring scoring, Instant now, List<ContractAudit> contracts) {
        SwapSource swaps =
                sources.swaps()
                        .orElseThrow(() ->
                                new IllegalStateException("nobody says which versions predict"));
        List<FollowedPredictions> ways =
                FollowedPredictions.of(names, scoring, () -> swaps.terms(scoring.nameAndVersion()));
        for (FollowedPredictions way : ways) {
            ContractAudit predictions;
            try (Sightings sightings = empty()) {
                predictions = new ContractWalk(sources, request, way, sightings).walk(now);
            }
            contracts.add(
                    predictions.and(
                            new DeadWalk(
                                            names,
                                            sources.withoutLake(),
                                            request,
                                            way.contract(),
                                            this::empty)
                                    .walk(now)));
        }
    }

    private void readSpool(Contract contract, Sightings sightings) {
        sources.spool()
                .ifPresent(spool ->
                        spool.standing(
                                contract,
                                identity ->
                                        sightings.add(
                                                new Sighting(identity, -1, 0, Place.SPOOL, 0, 0))));
    }

    private Sightings empty() {
        return new Sightings(workFolder, settings.maxSightings());
    }
}
