package leat.stream.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import leat.core.event.Hash128;
import leat.stream.audit.Sighting.Place;
import org.jspecify.annotations.Nullable;

/// Judges one event after the other by all the places it was seen in. Pure: it knows sightings and
/// scopes only.
final class Verdicts {

    private static final int LOOK_UP_AT_ONCE = 1_000;

    private final Rules rules;
    private final Map<Integer, PartitionScope> scopes;
    private final List<Unresolved> unresolved = new ArrayList<>();
    private final Map<Integer, Counts> counts = new TreeMap<>();
    final HopTally ledger = new HopTally();
    final HopTally spool = new HopTally();
    final HopTally enricher = new HopTally();
    final HopTally lake = new HopTally();
    final HopTally search = new HopTally();

    /// What is compared, and how.
    ///
    /// @param rawTopic the name in front of positions
    /// @param rawComplete whether the raw topic still has every record of the window
    /// @param versions looks up which of the documents exist, with their versions
    record Rules(
            String rawTopic,
            Duration dedupeWindow,
            boolean rawComplete,
            Sink lake,
            Sink search,
            Function<Collection<Hash128>, Map<Hash128, Long>> versions) {}

    /// How a sink is compared.
    enum Sink {
        ABSENT,
        BY_COUNT,
        BY_POSITION
    }

    /// What a partition's sinks should hold of its verifiable window.
    static final class Counts {
        long lakeRows;
        long documents;
        long pendingDocuments;
    }

    /// An enriched event without a document of its own.
    private record Unresolved(Hash128 id, int partition, long offset, long enrichedOffset) {}

    Verdicts(Rules rules, Map<Integer, PartitionScope> scopes) {
        this.rules = rules;
        this.scopes = Map.copyOf(scopes);
    }

    /// Judges one event.
    ///
    /// @param sightings all of one identity, in [Sighting#ORDER]
    void event(List<Sighting> sightings) {
        judgeLedger(sightings);
        RawSeen seen = new RawSeen(rules.dedupeWindow());
        int start = 0;
        for (int end = 1; end <= sightings.size(); end++) {
            if (end == sightings.size() || !sightings.get(end).samePosition(sightings.get(start))) {
                List<Sighting> here = sightings.subList(start, end);
                if (here.getFirst().partition() >= 0) {
                    position(here, seen.isDuplicate(here.getFirst()));
                }
                start = end;
            }
        }
    }

    /// Ends the judging; what is left to look up is looked up.
    void finish() {
        resolve();
    }

    /// What partition `partition` of the sinks should hold.
    Counts counts(int partition) {
        return counts.computeIfAbsent(partition, _ -> new Counts());
    }

    private void judgeLedger(List<Sighting> sightings) {
        boolean inRaw = sightings.stream().anyMatch(s -> s.place() == Place.RAW);
        boolean spooled = sightings.stream().anyMatch(s -> s.place() == Place.SPOOL);
        if (spooled) {
            spool.expected++;
            if (inRaw) {
                spool.found++;
            } else {
                spool.pending++;
            }
        }
        for (Sighting sighting : sightings) {
            if (sighting.place() != Place.LEDGER) {
                continue;
            }
            ledger.expected++;
            if (inRaw) {
                ledger.found++;
            } else if (spooled) {
                ledger.pending++;
            } else if (!rules.rawComplete()) {
                ledger.expected--;
                ledger.unverifiable++;
            } else {
                ledger.offence(Offence.ACKNOWLEDGED_MISSING, "line " + sighting.offset());
            }
        }
    }

    private void position(List<Sighting> here, boolean duplicate) {
        Sighting any = here.getFirst();
        PartitionScope scope = scopes.get(any.partition());
        if (scope == null || !scope.window().contains(any.offset())) {
            return;
        }
        if (any.offset() < scope.verifiableFrom()) {
            enricher.unverifiable += count(here, Place.RAW);
            lake.unverifiable += count(here, Place.ENRICHED);
            search.unverifiable += count(here, Place.ENRICHED);
            return;
        }
        judgeEnricher(here, duplicate, scope);
        if (rules.lake() != Sink.ABSENT) {
            judgeLake(here, scope);
        }
        if (rules.search() != Sink.ABSENT) {
            judgeSearch(here, scope);
        }
    }

    private void judgeEnricher(List<Sighting> here, boolean duplicate, PartitionScope scope) {
        long enriched = count(here, Place.ENRICHED);
        long dead = count(here, Place.DEAD);
        if (count(here, Place.RAW) == 0) {
            if (enriched + dead > 0) {
                enricher.offence(Offence.OUTPUT_WITHOUT_RAW, where(here));
            }
            return;
        }
        enricher.expected++;
        if (enriched + dead == 0) {
            if (here.getFirst().offset() >= scope.enricherPosition()) {
                enricher.pending++;
            } else if (duplicate) {
                enricher.duplicates++;
            } else {
                enricher.offence(Offence.OUTPUT_MISSING, where(here));
            }
            return;
        }
        if (duplicate) {
            enricher.offence(Offence.DUPLICATE_LET_THROUGH, where(here));
        }
        if (enriched + dead > 1) {
            enricher.offence(Offence.OUTPUT_DOUBLED, where(here));
        }
        if (enriched > 0) {
            enricher.found++;
        } else {
            enricher.dead++;
        }
    }

    private void judgeLake(List<Sighting> here, PartitionScope scope) {
        long enriched = count(here, Place.ENRICHED);
        long rows = count(here, Place.LAKE);
        SinkHistory history = SinkHistory.ofLake(here);
        boolean refused = history.refused();
        long due =
                Math.min(
                        enriched,
                        history.due(here, scope.lakePosition(), scope.lakeRetryPosition()));
        lake.expected += enriched;
        if (refused && rows == 0) {
            lake.refused += enriched;
            return;
        }
        lake.pending += enriched - due;
        counts(here.getFirst().partition()).lakeRows += due;
        if (rules.lake() == Sink.BY_COUNT) {
            return;
        }
        lake.found += Math.min(rows, due);
        if (refused) {
            lake.offence(Offence.ROW_AND_REFUSED, where(here));
        }
        if (rows < due) {
            lake.offence(Offence.ROW_MISSING, where(here));
        } else if (enriched == 0 && rows > 0) {
            lake.offence(Offence.ROW_EXTRA, where(here));
        } else if (rows > enriched) {
            lake.offence(Offence.ROW_DOUBLED, where(here));
        } else if (rows > due) {
            lake.offence(Offence.ROW_BEYOND_POSITION, where(here));
        }
    }

    private void judgeSearch(List<Sighting> here, PartitionScope scope) {
        Sighting any = here.getFirst();
        long documents = count(here, Place.SEARCH);
        @Nullable Sighting enriched = last(here, Place.ENRICHED);
        if (enriched == null) {
            if (documents > 0 && any.offset() < scope.enricherPosition()) {
                search.offence(Offence.DOCUMENT_EXTRA, where(here));
            }
            return;
        }
        search.expected++;
        SinkHistory history = SinkHistory.ofSearch(here);
        if (documents == 0 && history.refused()) {
            search.refused++;
            return;
        }
        boolean pending =
                history.due(here, scope.searchPosition(), scope.searchRetryPosition()) == 0;
        if (rules.search() == Sink.BY_COUNT) {
            Counts counts = counts(any.partition());
            counts.documents += pending ? 0 : 1;
            counts.pendingDocuments += pending ? 1 : 0;
            search.pending += pending ? 1 : 0;
        } else if (documents > 0) {
            search.found++;
        } else if (pending) {
            search.pending++;
        } else {
            unresolved.add(
                    new Unresolved(
                            any.identity(), any.partition(), any.offset(), enriched.detail()));
            if (unresolved.size() >= LOOK_UP_AT_ONCE) {
                resolve();
            }
        }
    }

    /// An event without a document of its own is well when a later one of the same id overwrote it.
    private void resolve() {
        if (unresolved.isEmpty()) {
            return;
        }
        Set<Hash128> ids = new HashSet<>();
        unresolved.forEach(one -> ids.add(one.id()));
        Map<Hash128, Long> versions = rules.versions().apply(ids);
        for (Unresolved one : unresolved) {
            Long version = versions.get(one.id());
            if (version != null && version >= one.enrichedOffset()) {
                search.superseded++;
            } else {
                search.offence(
                        Offence.DOCUMENT_MISSING, where(one.partition(), one.offset(), one.id()));
            }
        }
        unresolved.clear();
    }

    private String where(List<Sighting> here) {
        Sighting any = here.getFirst();
        return where(any.partition(), any.offset(), any.identity());
    }

    private String where(int partition, long offset, Hash128 identity) {
        return rules.rawTopic() + "/" + partition + "@" + offset + " " + identity;
    }

    private static long count(List<Sighting> here, Place place) {
        long count = 0;
        for (Sighting sighting : here) {
            count += sighting.place() == place ? 1 : 0;
        }
        return count;
    }

    private static @Nullable Sighting last(List<Sighting> here, Place place) {
        @Nullable Sighting last = null;
        for (Sighting sighting : here) {
            last = sighting.place() == place ? sighting : last;
        }
        return last;
    }

    /// The raw records of one identity seen so far in the current partition: record r is a
    /// duplicate if and only if the same identity stands at a smaller offset of its partition
    /// within the window, itself a duplicate or not.
    private static final class RawSeen {
        private final long windowMillis;
        private final Map<Integer, Long> lastTimeByAttempt = new HashMap<>();
        private int partition = -1;

        RawSeen(Duration window) {
            this.windowMillis = window.toMillis();
        }

        boolean isDuplicate(Sighting sighting) {
            if (sighting.partition() != partition) {
                partition = sighting.partition();
                lastTimeByAttempt.clear();
            }
            if (sighting.place() != Place.RAW) {
                return false;
            }
            Long last = lastTimeByAttempt.get(sighting.attempt());
            long time = sighting.detail();
            lastTimeByAttempt.merge(sighting.attempt(), time, Math::max);
            return last != null && time - last <= windowMillis;
        }
    }
}
