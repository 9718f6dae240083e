package leat.stream.audit;

import java.util.List;
import java.util.function.Function;
import leat.core.event.Hash128;
import leat.core.event.Names.DeadStage;
import leat.stream.audit.Sighting.Place;
import leat.stream.audit.Verdicts.Sink;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Judges one dead letter after the other by its row and its document. Pure, like [Verdicts].
///
/// A letter's identity is its `leat_dead_id`. The lake has a row a letter; search has a document an
/// id, so that a letter that was written again, as the search loader does after a kill, is the same
/// document.
final class DeadVerdicts {

    private static final long IN_LAKE = 1;
    private static final long IN_SEARCH = 2;
    private static final List<DeadStage> STAGES = List.of(DeadStage.values());

    private final Rules rules;
    final HopTally lake = new HopTally();
    final HopTally search = new HopTally();
    private long dueRows;
    private long dueDocuments;

    /// What is compared, and how rows, documents and letters are called where they are wrong.
    ///
    /// @param topics the name of each stage's topic
    record Rules(
            Sink lake,
            Sink search,
            String table,
            String index,
            Function<DeadStage, String> topics) {}

    DeadVerdicts(Rules rules) {
        this.rules = rules;
    }

    /// A dead letter; its sighting says where it stands itself, and has the stage's number in place
    /// of an attempt.
    ///
    /// @param belowLake whether it is below the lake loader's position
    /// @param belowSearch whether it is below the search loader's position
    static Sighting letter(
            Hash128 deadId,
            DeadStage stage,
            ConsumerRecord<?, ?> record,
            boolean belowLake,
            boolean belowSearch) {
        return new Sighting(
                deadId,
                record.partition(),
                record.offset(),
                Place.DEAD,
                STAGES.indexOf(stage),
                (belowLake ? IN_LAKE : 0) | (belowSearch ? IN_SEARCH : 0));
    }

    static Sighting row(Hash128 deadId) {
        return new Sighting(deadId, 0, 0, Place.LAKE, 0, 0);
    }

    static Sighting document(Hash128 deadId) {
        return new Sighting(deadId, 0, 0, Place.SEARCH, 0, 0);
    }

    /// A letter that stands in the window, of which the sinks cannot be judged.
    void unverifiable() {
        lake.unverifiable++;
        search.unverifiable++;
    }

    /// Judges one id.
    ///
    /// @param sightings all letters, rows and documents of it
    void letter(List<Sighting> sightings) {
        List<Sighting> letters =
                sightings.stream().filter(one -> one.place() == Place.DEAD).toList();
        if (rules.lake() != Sink.ABSENT) {
            judgeRows(sightings, letters);
        }
        if (rules.search() != Sink.ABSENT) {
            judgeDocuments(sightings, letters);
        }
    }

    /// Takes the number of rows in place of each of them.
    ///
    /// @return whether it is what it should be
    boolean rowsFit(long rows) {
        lake.found += rows;
        return rows == dueRows;
    }

    /// Takes the number of documents in place of each of them. More than what is due may be wrong,
    /// or what the loader has loaded since its position was looked at: only ids can tell.
    ///
    /// @return whether it is what it should be
    boolean documentsFit(long documents) {
        search.found += documents;
        return documents == dueDocuments;
    }

    private void judgeRows(List<Sighting> sightings, List<Sighting> letters) {
        long rows = count(sightings, Place.LAKE);
        long due = letters.stream().filter(one -> (one.detail() & IN_LAKE) != 0).count();
        lake.expected += letters.size();
        lake.pending += letters.size() - due;
        dueRows += due;
        if (rules.lake() == Sink.BY_COUNT) {
            return;
        }
        lake.found += Math.min(rows, due);
        if (letters.isEmpty() && rows > 0) {
            lake.offence(Offence.ROW_EXTRA, nowhere(rules.table(), sightings));
        } else if (rows < due) {
            lake.offence(Offence.ROW_MISSING, where(letters.getFirst()));
        } else if (rows > letters.size()) {
            lake.offence(Offence.ROW_DOUBLED, where(letters.getFirst()));
        } else if (rows > due) {
            lake.offence(Offence.ROW_BEYOND_POSITION, where(letters.getLast()));
        }
    }

    private void judgeDocuments(List<Sighting> sightings, List<Sighting> letters) {
        boolean there = count(sightings, Place.SEARCH) > 0;
        if (letters.isEmpty()) {
            if (there) {
                search.offence(Offence.DOCUMENT_EXTRA, nowhere(rules.index(), sightings));
            }
            return;
        }
        boolean due = letters.stream().anyMatch(one -> (one.detail() & IN_SEARCH) != 0);
        search.expected += letters.size();
        search.superseded += letters.size() - 1;
        if (rules.search() == Sink.BY_COUNT) {
            dueDocuments += due ? 1 : 0;
            search.pending += due ? 0 : 1;
        } else if (there) {
            search.found++;
        } else if (due) {
            search.offence(Offence.DOCUMENT_MISSING, where(letters.getFirst()));
        } else {
            search.pending++;
        }
    }

    private String where(Sighting letter) {
        return rules.topics().apply(STAGES.get(letter.attempt()))
                + "/"
                + letter.partition()
                + "@"
                + letter.offset()
                + " "
                + letter.identity();
    }

    private static String nowhere(String sink, List<Sighting> sightings) {
        return sink + " " + sightings.getFirst().identity();
    }

    private static long count(List<Sighting> sightings, Place place) {
        return sightings.stream().filter(one -> one.place() == place).count();
    }
}
