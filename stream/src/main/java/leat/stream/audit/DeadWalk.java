package leat.stream.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.TopicId;
import leat.stream.audit.AuditLog.TimedOffset;
import leat.stream.audit.AuditReport.ContractAudit;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.AuditReport.HopAudit;
import leat.stream.audit.LakePositionsSource.LakeSnapshot;
import leat.stream.audit.Verdicts.Sink;
import org.jspecify.annotations.Nullable;

/// Follows one contract's dead letters, those of every stage, into the lake's table and search's
/// index of dead letters.
///
/// The window is meant in the letters' own timestamps, which rows and documents carry as
/// `leat_appended`: a letter of the collector has no raw position. As in [ContractWalk], what lies
/// further down the way is looked at first, here the documents too, since a document does not say
/// how far its loader had come.
final class DeadWalk {

    private final Names names;
    private final Audit.Sources sources;
    private final AuditLog log;
    private final AuditRequest request;
    private final Contract contract;
    private final Supplier<Sightings> empty;
    private final TimeRange window;
    private final String table;
    private final String index;

    /// @param empty makes an empty collection, which is closed here
    DeadWalk(
            Names names,
            Audit.Sources sources,
            AuditRequest request,
            Contract contract,
            Supplier<Sightings> empty) {
        this.names = names;
        this.sources = sources;
        this.log = sources.log();
        this.request = request;
        this.contract = contract;
        this.empty = empty;
        this.window = TimeRange.of(request.from(), request.to());
        this.table = contract.tableName() + "_dead";
        this.index = names.index("dead", contract);
    }

    /// Compares by counts first, unless the audit is deep, and by id where they do not fit.
    ContractAudit walk(Instant now) {
        if (topics().isEmpty()) {
            return new ContractAudit(contract.nameAndMajor(), List.of(), List.of());
        }
        if (request.deep()) {
            return new Look(Sink.BY_POSITION).audit(now);
        }
        Look counting = new Look(Sink.BY_COUNT);
        ContractAudit counted = counting.audit(now);
        if (counting.fits) {
            return counted;
        }
        Look comparing = new Look(Sink.BY_POSITION);
        comparing.notes.add("the dead letters' counts do not fit: they were compared by id");
        return comparing.audit(now);
    }

    private Map<DeadStage, TopicId> topics() {
        Map<DeadStage, TopicId> topics = new HashMap<>();
        for (DeadStage stage : DeadStage.values()) {
            log.topicId(names.dead(contract, stage)).ifPresent(id -> topics.put(stage, id));
        }
        return topics;
    }

    /// One look at letters, rows and documents.
    private final class Look {
        private final Sink how;
        private final Map<DeadStage, TopicId> topics = topics();
        private final List<String> notes = new ArrayList<>();
        private final List<String> repinned = new ArrayList<>();
        private boolean fits = true;

        Look(Sink how) {
            this.how = how;
        }

        ContractAudit audit(Instant now) {
            try (Sightings sightings = empty.get()) {
                return audit(now, sightings);
            }
        }

        private ContractAudit audit(Instant now, Sightings sightings) {
            long verifiableFrom = verifiableFrom(now);
            TimeRange verifiable = new TimeRange(verifiableFrom, window.to());
            @Nullable LakeSnapshot snapshot = snapshot();
            Map<DeadStage, Map<Integer, Long>> loaded = searchPositions();
            long documents = documents(verifiable, sightings);
            DeadVerdicts verdicts =
                    new DeadVerdicts(
                            new DeadVerdicts.Rules(
                                    snapshot == null ? Sink.ABSENT : how,
                                    sources.search().isEmpty() ? Sink.ABSENT : how,
                                    "table " + table,
                                    "index " + index,
                                    stage -> names.dead(contract, stage)));
            topics.forEach((stage, id) ->
                    read(
                            stage,
                            (partition, letter) -> {
                                long time = letter.record().timestamp();
                                if (window.contains(time) && time < verifiableFrom) {
                                    verdicts.unverifiable();
                                } else if (verifiable.contains(time)) {
                                    long offset = letter.record().offset();
                                    long inLake =
                                            snapshot == null ? 0 : snapshot.position(id, partition);
                                    long inSearch =
                                            loaded.getOrDefault(stage, Map.of())
                                                    .getOrDefault(partition, 0L);
                                    sightings.add(
                                            DeadVerdicts.letter(
                                                    letter.deadId(stage, id),
                                                    stage,
                                                    letter.record(),
                                                    offset < inLake,
                                                    offset < inSearch));
                                }
                            }));
            long rows = rows(snapshot, verifiable, sightings);
            sightings.forEachEvent(verdicts::letter);
            if (how == Sink.BY_COUNT) {
                boolean rowsFit = snapshot == null || verdicts.rowsFit(rows);
                boolean documentsFit =
                        sources.search().isEmpty() || verdicts.documentsFit(documents);
                fits = rowsFit && documentsFit;
            }
            return audit(verdicts, snapshot != null);
        }

        /// A dead letter can be judged while no letter of its age can have been deleted. Letters of
        /// one partition need not be in the order of their timestamps.
        private long verifiableFrom(Instant now) {
            long from = window.from();
            for (DeadStage stage : topics.keySet()) {
                String topic = names.dead(contract, stage);
                Map<Integer, TimedOffset> kept = log.firstAt(topic, Instant.EPOCH);
                for (Map.Entry<Integer, OffsetRange> partition : log.bounds(topic).entrySet()) {
                    if (partition.getValue().from() > 0) {
                        from = Math.max(from, completeFrom(kept.get(partition.getKey()), now));
                    }
                }
            }
            if (from > window.from()) {
                notes.add(
                        "the log no longer keeps all dead letters of the beginning of the window:"
                                + " they are counted as unverifiable");
            }
            return Math.min(from, window.to());
        }

        private long completeFrom(@Nullable TimedOffset first, Instant now) {
            Instant byRecord = first == null ? now : first.time().plusMillis(1);
            return TimeRange.millisRoundedUp(
                    contract.log().retention().map(now::minus).orElse(byRecord));
        }

        private @Nullable LakeSnapshot snapshot() {
            if (sources.lake().isEmpty()) {
                return null;
            }
            Optional<LakeSnapshot> newest = sources.lake().get().newest(table);
            if (newest.isEmpty()) {
                notes.add("the table " + table + " does not exist yet");
                return null;
            }
            topics.forEach((stage, id) -> {
                String topic = names.dead(contract, stage);
                newest.get()
                        .pinned(topic)
                        .filter(pinned -> !pinned.equals(id))
                        .ifPresent(pinned ->
                                repinned.add("table " + table + ": " + topic + " was " + pinned));
            });
            return repinned.isEmpty() ? newest.get() : null;
        }

        private Map<DeadStage, Map<Integer, Long>> searchPositions() {
            Map<DeadStage, Map<Integer, Long>> positions = new HashMap<>();
            String group = names.group("search." + contract.nameAndMajor());
            for (DeadStage stage : topics.keySet()) {
                positions.put(stage, log.committed(group, names.dead(contract, stage)));
            }
            return positions;
        }

        /// Counts the documents, or takes note of each.
        private long documents(TimeRange range, Sightings sightings) {
            if (sources.search().isEmpty()) {
                return 0;
            }
            SearchDocumentsSource source = sources.search().get();
            if (how == Sink.BY_COUNT) {
                return source.countDead(index, range);
            }
            source.deadDocuments(index, range, id -> sightings.add(DeadVerdicts.document(id)));
            return 0;
        }

        /// Counts the rows, and takes note of each where they are to be compared.
        private long rows(@Nullable LakeSnapshot snapshot, TimeRange range, Sightings sightings) {
            long[] count = {0};
            if (snapshot != null) {
                snapshot.deadRows(
                        range,
                        id -> {
                            count[0]++;
                            if (how == Sink.BY_POSITION) {
                                sightings.add(DeadVerdicts.row(id));
                            }
                        });
            }
            return count[0];
        }

        /// Reads up to the first letter that is younger than the window, or to the end where
        /// letters that were written out of order count.
        private void read(DeadStage stage, LetterConsumer consumer) {
            String topic = names.dead(contract, stage);
            Map<Integer, OffsetRange> bounds = log.bounds(topic);
            Map<Integer, TimedOffset> starts = log.firstAt(topic, request.from());
            Map<Integer, TimedOffset> ends =
                    how == Sink.BY_COUNT ? log.firstAt(topic, request.to()) : Map.of();
            bounds.forEach((partition, kept) -> {
                long start = TimedOffset.offset(starts.get(partition), kept.to());
                long end = TimedOffset.offset(ends.get(partition), kept.to());
                OffsetRange range = new OffsetRange(start, Math.min(end, kept.to()));
                if (!range.isEmpty()) {
                    log.read(
                            topic,
                            partition,
                            range,
                            record -> consumer.letter(partition, new EventRecord(record)));
                }
            });
        }

        private ContractAudit audit(DeadVerdicts verdicts, boolean withLake) {
            repinned.forEach(where -> verdicts.lake.offence(Offence.OTHER_TOPIC, where));
            boolean byCount = how == Sink.BY_COUNT;
            List<HopAudit> hops = new ArrayList<>();
            if (withLake || !verdicts.lake.clean()) {
                hops.add(verdicts.lake.audit(Hop.LAKE_DEAD, byCount));
            }
            if (sources.search().isPresent()) {
                hops.add(verdicts.search.audit(Hop.SEARCH_DEAD, byCount));
            }
            return new ContractAudit(contract.nameAndMajor(), hops, notes);
        }
    }

    @FunctionalInterface
    private interface LetterConsumer {
        void letter(int partition, EventRecord letter);
    }
}
