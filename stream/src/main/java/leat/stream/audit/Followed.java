package leat.stream.audit;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import leat.core.event.Names.DeadStage;
import leat.core.event.Position;
import leat.stream.audit.AuditReport.Hop;
import leat.stream.audit.LakePositionsSource.LakeSnapshot;
import leat.stream.audit.Sighting.Place;

/// A way that records take from a first topic through a stage into another, and on into lake and
/// search. What comes first is called raw here, and what the stage makes of it enriched, as on the
/// way of events.
interface Followed {

    /// Whose the outputs are; its table, index and retention are theirs.
    Contract contract();

    /// Where records come from.
    String rawTopic();

    /// Where the stage writes.
    String enrichedTopic();

    /// The consumer group of the stage.
    String stageGroup();

    /// The consumer group of the search loader.
    String searchGroup();

    /// The step that is the stage's.
    Hop stageHop();

    Hop lakeHop();

    Hop searchHop();

    /// All topics with what comes of raw records.
    Map<String, Place> outputs();

    /// Where dead letters come back to a sink; empty where they do not.
    Optional<String> retryTopic(DeadStage sink);

    /// The search index of the outputs.
    String index();

    /// For so long a raw record of the same identity makes a later one a duplicate.
    Duration dedupeWindow();

    /// Whether outputs carry the append times of their raw records, and are in their order.
    boolean inRawTime();

    /// The identities of what is due of a raw record; none where nothing is.
    void due(EventRecord raw, Position position, Consumer<Hash128> identities);

    /// What is wrong with an output by itself.
    ///
    /// @param raw the position that it names
    Optional<Offence> wrong(EventRecord output, Position raw);

    /// Reads the table's rows of the ranges.
    void rows(
            LakeSnapshot snapshot,
            Map<Integer, OffsetRange> ranges,
            LakePositionsSource.RowConsumer consumer);
}
