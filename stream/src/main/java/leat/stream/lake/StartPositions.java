package leat.stream.lake;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import leat.core.event.TopicId;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where a loader starts to read: the table's positions, held against the log as it is.
final class StartPositions {

    private static final Logger LOG = LoggerFactory.getLogger(StartPositions.class);

    private final Consumer<byte[], byte[]> consumer;
    private final Map<String, TopicId> topics;
    private final boolean skipDeleted;
    private final LakeMetrics metrics;

    /// @param next the offset that the table wants next, by which a commit is validated
    /// @param read the first offset that is still in the log at or behind it
    record Start(long next, long read) {}

    StartPositions(
            Consumer<byte[], byte[]> consumer,
            Map<String, TopicId> topics,
            boolean skipDeleted,
            LakeMetrics metrics) {
        this.consumer = consumer;
        this.topics = Map.copyOf(topics);
        this.skipDeleted = skipDeleted;
        this.metrics = metrics;
    }

    /// Remembers the topics' ids in the table, at the first load.
    ///
    /// @throws LoaderStopped when the table was loaded from another topic of the same name
    void pin(Table table) {
        List<String> unpinned = new ArrayList<>();
        topics.forEach((name, id) -> {
            TopicId pinned = LakeTables.pinnedTopic(table, name).orElse(null);
            if (pinned == null) {
                unpinned.add(name);
            } else if (!pinned.equals(id)) {
                throw recreated(table.name(), name, pinned, id);
            }
        });
        if (!unpinned.isEmpty()) {
            UpdateProperties update = table.updateProperties();
            unpinned.forEach(name -> update.set(LakeTables.TOPIC_ID + name, id(name).value()));
            update.commit();
            table.refresh();
            pin(table);
        }
    }

    static LoaderStopped recreated(String table, String topic, TopicId pinned, TopicId id) {
        return new LoaderStopped(
                "topic "
                        + topic
                        + " was made again: table "
                        + table
                        + " was loaded from topic id "
                        + pinned
                        + ", the topic now has "
                        + id,
                "if the old events may go, drop the table and it is loaded anew; otherwise rename"
                        + " the table first");
    }

    /// Looks up the partitions in the table, refreshed before.
    ///
    /// @throws LoaderStopped when the log cannot continue what the table has
    Map<TopicPartition, Start> of(Table table, Collection<TopicPartition> partitions) {
        begin(table);
        Positions positions = LakePositions.of(table);
        Map<TopicPartition, Long> first = consumer.beginningOffsets(partitions);
        Map<TopicPartition, Long> end = consumer.endOffsets(partitions);
        Map<TopicPartition, Start> starts = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long next = positions.of(id(partition.topic()), partition.partition()).orElse(0);
            long firstOffset = first.getOrDefault(partition, 0L);
            if (firstOffset > next) {
                skip(table, partition, next, firstOffset);
            }
            if (end.getOrDefault(partition, Long.MAX_VALUE) < next) {
                throw new LoaderStopped(
                        "table "
                                + table.name()
                                + " has read "
                                + partition
                                + " up to "
                                + next
                                + ", but the log ends at "
                                + end.get(partition)
                                + ": the log has lost acknowledged events",
                        "bring the log back; or drop the table, and it is loaded anew");
            }
            starts.put(partition, new Start(next, Math.max(next, firstOffset)));
        }
        return starts;
    }

    /// A table that has never seen a topic takes note of where the log starts, once for all of the
    /// topic's partitions: from then on a start beyond a position means that events are missing.
    private void begin(Table table) {
        while (true) {
            Positions positions = LakePositions.of(table);
            List<Advance> advances = new ArrayList<>();
            topics.forEach((name, id) -> {
                if (!positions.knows(id)) {
                    advances.addAll(logStart(name, id));
                }
            });
            if (advances.isEmpty()) {
                return;
            }
            try {
                table.newAppend()
                        .set(LakePositions.PROPERTY, Advance.format(advances))
                        .validateWith(LakePositions.demandMeeting(table, advances))
                        .commit();
            } catch (ValidationException e) {
                LOG.atDebug().setCause(e).log("Another loader began the table");
            }
            table.refresh();
        }
    }

    private List<Advance> logStart(String topic, TopicId id) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        List<Advance> advances = new ArrayList<>();
        consumer.beginningOffsets(partitions)
                .forEach((partition, offset) ->
                        advances.add(new Advance(id, partition.partition(), 0, offset)));
        return advances;
    }

    private void skip(Table table, TopicPartition partition, long next, long first) {
        if (!skipDeleted) {
            throw new LoaderStopped(
                    "table "
                            + table.name()
                            + " wants "
                            + partition
                            + " from offset "
                            + next
                            + ", but the log starts at "
                            + first
                            + ": retention has deleted "
                            + (first - next)
                            + " offsets that the lake has not loaded",
                    "set lake.loader.skip-deleted to go on without them, and give the contract a"
                            + " longer retention");
        }
        metrics.skipped.inc(first - next);
        LOG.atError()
                .addKeyValue("table", table.name())
                .addKeyValue("partition", partition)
                .addKeyValue("from", next)
                .addKeyValue("to", first)
                .log("Skipped events that retention had deleted");
    }

    private TopicId id(String topic) {
        TopicId id = topics.get(topic);
        if (id == null) {
            throw new IllegalStateException("no topic of this table: " + topic);
        }
        return id;
    }
}
