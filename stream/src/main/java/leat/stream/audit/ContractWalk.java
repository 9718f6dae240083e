package leat.stream.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import leat.core.contract.Contract;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.audit.AuditLog.TimedOffset;
import leat.stream.audit.AuditReport.ContractAudit;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.audit.LakePositionsSource.LakeSnapshot;
import leat.stream.audit.Sighting.Place;
import leat.stream.audit.Verdicts.Sink;
import org.jspecify.annotations.Nullable;

/// Follows one contract's events, or one scoring's predictions, through the window.
///
/// What lies further down the way is looked at first (the lake's snapshot, the sinks' positions,
/// the enricher's position, the ends of its outputs, the end of raw), so that whatever was seen
/// below must be found above, while the platform goes on working.
final class ContractWalk {

    private final Audit.Sources sources;
    private final AuditLog log;
    private final AuditRequest request;
    private final Followed followed;
    private final Contract contract;
    private final Sightings sightings;
    private final String rawTopic;
    private final String enrichedTopic;
    private final String searchGroup;
    private final List<String> notes = new ArrayList<>();
    private final List<Early> early = new ArrayList<>();

    /// What is wrong before any event is judged.
    private record Early(Function<Verdicts, HopTally> hop, Offence offence, String where) {}

    ContractWalk(
            Audit.Sources sources, AuditRequest request, Followed followed, Sightings sightings) {
        this.sources = sources;
        this.log = sources.log();
        this.request = request;
        this.followed = followed;
        this.contract = followed.contract();
        this.sightings = sightings;
        this.rawTopic = followed.rawTopic();
        this.enrichedTopic = followed.enrichedTopic();
        this.searchGroup = followed.searchGroup();
    }

    ContractAudit walk(Instant now) {
        Optional<TopicId> rawId = log.topicId(rawTopic);
        if (rawId.isEmpty()) {
            notes.add("the topic " + rawTopic + " does not exist: nothing was ever accepted");
            return new ContractAudit(contract.nameAndMajor(), List.of(), notes);
        }
        @Nullable LakeSnapshot snapshot = snapshot(rawId.get());
        Map<Integer, Long> loaded = log.committed(searchGroup, enrichedTopic);
        Map<Integer, Long> loadedAgain =
                followed.retryTopic(DeadStage.SEARCH)
                        .map(topic -> log.committed(searchGroup, topic))
                        .orElse(Map.of());
        Map<Integer, Long> enriched = log.committed(followed.stageGroup(), rawTopic);
        List<Output> outputs = outputs();
        Map<Integer, OffsetRange> bounds = log.bounds(rawTopic);
        Horizon horizon = Horizon.of(log, request, followed, rawTopic, bounds, outputs, now);
        if (!horizon.verifiableFroms().isEmpty()) {
            notes.add(
                    "the log no longer keeps all that the beginning of the window needs (retention"
                            + (followed.dedupeWindow().isZero()
                                    ? ""
                                    : ", and the dedupe window of "
                                            + followed.dedupeWindow()
                                            + " before it")
                            + "): that part is counted as unverifiable");
        }
        Map<Integer, PartitionScope> scopes = new TreeMap<>();
        Optional<TopicId> enrichedId = log.topicId(enrichedTopic);
        Optional<TopicId> retryId = followed.retryTopic(DeadStage.LAKE).flatMap(log::topicId);
        for (int partition : bounds.keySet()) {
            scopes.put(
                    partition,
                    new PartitionScope(
                            horizon.window(partition),
                            horizon.verifiableFrom(partition),
                            enriched.getOrDefault(partition, 0L),
                            position(snapshot, enrichedId, partition),
                            loaded.getOrDefault(partition, 0L),
                            position(snapshot, retryId, partition),
                            loadedAgain.getOrDefault(partition, 0L)));
        }
        readLedger();
        OutputReader.Raw raw = new OutputReader.Raw(rawId.get(), bounds, scopes);
        readRaw(raw);
        OutputReader reader =
                new OutputReader(
                        log,
                        request,
                        raw,
                        sightings,
                        followed,
                        (output, offence, where) ->
                                early.add(new Early(hop(output.place()), offence, where)));
        // What comes back does so whenever somebody wants it.
        outputs.forEach(output -> reader.read(output, request.deep() || output.place().back()));
        Judging judging = new Judging(snapshot, scopes, horizon.rawComplete());
        return request.deep()
                ? judging.deep()
                : judging.fast(() -> outputs.forEach(reader::readOn));
    }

    private static long position(
            @Nullable LakeSnapshot snapshot, Optional<TopicId> topic, int partition) {
        return snapshot == null || topic.isEmpty() ? 0 : snapshot.position(topic.get(), partition);
    }

    private @Nullable LakeSnapshot snapshot(TopicId rawId) {
        if (sources.lake().isEmpty()) {
            notes.add("no lake was given: what is in it was not looked at");
            return null;
        }
        Optional<LakeSnapshot> snapshot = sources.lake().get().newest(contract.tableName());
        if (snapshot.isEmpty()) {
            notes.add("the table " + contract.tableName() + " does not exist yet");
            return null;
        }
        if (pinnedToAnother(snapshot.get(), rawTopic, Optional.of(rawId))
                || pinnedToAnother(snapshot.get(), enrichedTopic, log.topicId(enrichedTopic))
                || followed.retryTopic(DeadStage.LAKE)
                        .filter(topic -> pinnedToAnother(snapshot.get(), topic, log.topicId(topic)))
                        .isPresent()) {
            return null;
        }
        return snapshot.get();
    }

    private boolean pinnedToAnother(LakeSnapshot snapshot, String topic, Optional<TopicId> actual) {
        Optional<TopicId> pinned = snapshot.pinned(topic);
        if (pinned.isEmpty() || pinned.equals(actual)) {
            return false;
        }
        String where = "table " + contract.tableName() + ": " + topic + " was " + pinned.get();
        early.add(new Early(verdicts -> verdicts.lake, Offence.OTHER_TOPIC, where));
        return true;
    }

    private List<Output> outputs() {
        List<Output> outputs = new ArrayList<>();
        followed.outputs()
                .forEach((topic, place) -> {
                    if (log.topicId(topic).isPresent()) {
                        outputs.add(new Output(topic, place, log.bounds(topic)));
                    } else {
                        notes.add("the topic " + topic + " does not exist");
                    }
                });
        return outputs;
    }

    private static Function<Verdicts, HopTally> hop(Place place) {
        return switch (place) {
            case LEDGER -> verdicts -> verdicts.ledger;
            case SPOOL -> verdicts -> verdicts.spool;
            case RAW, ENRICHED, DEAD -> verdicts -> verdicts.enricher;
            case REFUSED_BY_LAKE, BACK_TO_LAKE, LAKE -> verdicts -> verdicts.lake;
            case REFUSED_BY_SEARCH, BACK_TO_SEARCH, SEARCH -> verdicts -> verdicts.search;
        };
    }

    private void readLedger() {
        request.ledger()
                .ifPresent(file ->
                        Ledger.read(
                                file,
                                contract,
                                (identity, line) ->
                                        sightings.add(
                                                new Sighting(
                                                        identity, -1, line, Place.LEDGER, 0, 0))));
    }

    /// Reads the window and the dedupe window before it.
    private void readRaw(OutputReader.Raw raw) {
        Map<Integer, TimedOffset> before =
                log.firstAt(rawTopic, request.from().minus(followed.dedupeWindow()));
        raw.scopes()
                .forEach((partition, scope) -> {
                    long start = TimedOffset.offset(before.get(partition), scope.window().to());
                    OffsetRange needed =
                            new OffsetRange(
                                    Math.min(start, scope.window().from()), scope.window().to());
                    if (needed.isEmpty()) {
                        return;
                    }
                    log.read(
                            rawTopic,
                            partition,
                            needed,
                            record -> {
                                EventRecord event = new EventRecord(record);
                                followed.due(
                                        event,
                                        new Position(raw.id(), partition, record.offset()),
                                        identity ->
                                                sightings.add(
                                                        new Sighting(
                                                                identity,
                                                                partition,
                                                                record.offset(),
                                                                Place.RAW,
                                                                event.attempt(),
                                                                record.timestamp())));
                            });
                });
    }

    /// Compares what was seen in the log with the sinks.
    private final class Judging {
        private final @Nullable LakeSnapshot snapshot;
        private final Map<Integer, PartitionScope> scopes;
        private final Map<Integer, OffsetRange> ranges = new TreeMap<>();
        private final boolean rawComplete;

        Judging(
                @Nullable LakeSnapshot snapshot,
                Map<Integer, PartitionScope> scopes,
                boolean rawComplete) {
            this.snapshot = snapshot;
            this.scopes = scopes;
            this.rawComplete = rawComplete;
            scopes.forEach((partition, scope) -> {
                if (!scope.verifiable().isEmpty()) {
                    ranges.put(partition, scope.verifiable());
                }
            });
        }

        ContractAudit deep() {
            return byPosition(true, true);
        }

        /// Compares by counts first, and by position where they do not fit.
        ContractAudit fast(Runnable readOn) {
            Verdicts counted = verdicts(Sink.BY_COUNT, Sink.BY_COUNT);
            boolean logFits = early.isEmpty() && counted.enricher.clean() && counted.ledger.clean();
            boolean lakeFits = snapshot == null || countRows(snapshot, counted);
            boolean searchFits =
                    sources.search().map(source -> countDocuments(source, counted)).orElse(true);
            if (logFits && lakeFits && searchFits) {
                return audit(counted, true, true);
            }
            readOn.run();
            if (!lakeFits) {
                notes.add("the lake's counts do not fit: its rows were compared by position");
            }
            if (!searchFits) {
                notes.add(
                        "the search documents' counts do not fit, as is normal where ids come"
                                + " again: they were compared by id");
            }
            return byPosition(!lakeFits, !searchFits);
        }

        private ContractAudit byPosition(boolean lake, boolean search) {
            LakeSnapshot rows = snapshot;
            if (rows != null && lake) {
                followed.rows(
                        rows,
                        ranges,
                        (partition, offset, identity) ->
                                sightings.add(
                                        new Sighting(
                                                identity, partition, offset, Place.LAKE, 0, 0)));
            }
            if (search) {
                sources.search().ifPresent(this::addDocuments);
            }
            Verdicts verdicts =
                    verdicts(
                            lake ? Sink.BY_POSITION : Sink.BY_COUNT,
                            search ? Sink.BY_POSITION : Sink.BY_COUNT);
            if (rows != null && !lake) {
                countRows(rows, verdicts);
            }
            if (!search) {
                sources.search().ifPresent(source -> countDocuments(source, verdicts));
            }
            return audit(verdicts, !lake, !search);
        }

        private Verdicts verdicts(Sink lake, Sink search) {
            Verdicts verdicts =
                    new Verdicts(
                            new Verdicts.Rules(
                                    rawTopic,
                                    followed.dedupeWindow(),
                                    rawComplete,
                                    snapshot == null ? Sink.ABSENT : lake,
                                    sources.search().isEmpty() ? Sink.ABSENT : search,
                                    ids ->
                                            sources.search()
                                                    .map(source -> source.versions(index(), ids))
                                                    .orElse(Map.of())),
                            scopes);
            sightings.forEachEvent(verdicts::event);
            verdicts.finish();
            return verdicts;
        }

        private boolean countRows(LakeSnapshot snapshot, Verdicts verdicts) {
            Map<Integer, Long> rows = new HashMap<>();
            followed.rows(
                    snapshot, ranges, (partition, _, _) -> rows.merge(partition, 1L, Long::sum));
            boolean fits = true;
            for (int partition : scopes.keySet()) {
                long found = rows.getOrDefault(partition, 0L);
                verdicts.lake.found += found;
                fits &= found == verdicts.counts(partition).lakeRows;
            }
            return fits;
        }

        /// The loader goes on while this counts, so documents that were pending may be there.
        private boolean countDocuments(SearchDocumentsSource source, Verdicts verdicts) {
            boolean fits = true;
            for (Map.Entry<Integer, OffsetRange> range : ranges.entrySet()) {
                Verdicts.Counts due = verdicts.counts(range.getKey());
                long found = source.count(index(), range.getKey(), range.getValue());
                long loadedSince = Math.max(0, found - due.documents);
                verdicts.search.found += found;
                verdicts.search.pending -= Math.min(loadedSince, due.pendingDocuments);
                fits &= found >= due.documents && loadedSince <= due.pendingDocuments;
            }
            return fits;
        }

        private void addDocuments(SearchDocumentsSource source) {
            ranges.forEach((partition, range) ->
                    source.documents(
                            index(),
                            partition,
                            range,
                            (id, offset, version) ->
                                    sightings.add(
                                            new Sighting(
                                                    id,
                                                    partition,
                                                    offset,
                                                    Place.SEARCH,
                                                    0,
                                                    version))));
        }

        private ContractAudit audit(Verdicts verdicts, boolean lakeByCount, boolean searchByCount) {
            for (Early one : early) {
                one.hop().apply(verdicts).offence(one.offence(), one.where());
            }
            List<HopAudit> hops = new ArrayList<>();
            if (request.ledger().isPresent()) {
                hops.add(verdicts.ledger.audit(Hop.LEDGER, false));
            }
            if (verdicts.spool.expected > 0) {
                hops.add(verdicts.spool.audit(Hop.SPOOL, false));
            }
            hops.add(verdicts.enricher.audit(followed.stageHop(), false));
            if (snapshot != null || !verdicts.lake.clean()) {
                hops.add(verdicts.lake.audit(followed.lakeHop(), lakeByCount));
            }
            if (sources.search().isPresent() || !verdicts.search.clean()) {
                hops.add(verdicts.search.audit(followed.searchHop(), searchByCount));
            }
            return new ContractAudit(contract.nameAndMajor(), hops, notes);
        }

        private String index() {
            return followed.index();
        }
    }
}
