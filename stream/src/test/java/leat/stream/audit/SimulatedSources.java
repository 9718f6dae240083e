package leat.stream.audit;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import leat.core.event.Hash128;
import leat.core.event.Names.DeadStage;
import leat.core.event.TopicId;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// What an audit sees of a simulated platform: its log, its lake and its index.
final class SimulatedSources implements AuditLog, LakePositionsSource, SearchDocumentsSource {

    private final SimulatedPlatform platform;

    SimulatedSources(SimulatedPlatform platform) {
        this.platform = platform;
    }

    @Override
    public Optional<TopicId> topicId(String topic) {
        if (!platform.topics.containsKey(topic)) {
            return Optional.empty();
        }
        if (topic.equals(platform.raw())) {
            return Optional.of(SimulatedPlatform.RAW_ID);
        }
        if (topic.equals(platform.enriched())) {
            return Optional.of(SimulatedPlatform.ENRICHED_ID);
        }
        if (topic.equals(platform.retry(DeadStage.LAKE))) {
            return Optional.of(SimulatedPlatform.LAKE_RETRY_ID);
        }
        if (topic.equals(platform.retry(DeadStage.SEARCH))) {
            return Optional.of(SimulatedPlatform.SEARCH_RETRY_ID);
        }
        for (DeadStage stage : DeadStage.values()) {
            if (topic.equals(platform.dead(stage))) {
                return Optional.of(deadTopicId(stage));
            }
        }
        throw new IllegalArgumentException(topic);
    }

    private static TopicId deadTopicId(DeadStage stage) {
        return new TopicId((stage.word() + "aaaaaaaaaaaaaaaaaaaaaa").substring(0, 22));
    }

    @Override
    public Map<Integer, OffsetRange> bounds(String topic) {
        Map<Integer, OffsetRange> bounds = new HashMap<>();
        long[] begin = platform.begins.getOrDefault(topic, new long[SimulatedPlatform.PARTITIONS]);
        for (int partition = 0; partition < SimulatedPlatform.PARTITIONS; partition++) {
            bounds.put(
                    partition,
                    new OffsetRange(
                            begin[partition],
                            Math.max(begin[partition], platform.nextOffset(topic, partition))));
        }
        return bounds;
    }

    @Override
    public Map<Integer, TimedOffset> firstAt(String topic, Instant time) {
        Map<Integer, TimedOffset> found = new HashMap<>();
        for (int partition = 0; partition < SimulatedPlatform.PARTITIONS; partition++) {
            for (ConsumerRecord<byte[], byte[]> record : platform.records(topic, partition)) {
                Instant at = Instant.ofEpochMilli(record.timestamp());
                if (!at.isBefore(time)) {
                    found.putIfAbsent(partition, new TimedOffset(record.offset(), at));
                }
            }
        }
        return found;
    }

    @Override
    public Map<Integer, Long> committed(String group, String topic) {
        if (group.equals(platform.names.group("enricher")) && topic.equals(platform.raw())) {
            return platform.enricherPositions;
        }
        if (!group.equals(platform.names.group("search.readings.v1"))) {
            return Map.of();
        }
        if (topic.equals(platform.retry(DeadStage.SEARCH))) {
            return platform.searchRetryPositions;
        }
        return topic.equals(platform.enriched())
                ? platform.searchPositions
                : platform.deadSearchPositions.getOrDefault(topic, Map.of());
    }

    @Override
    public void read(
            String topic,
            int partition,
            OffsetRange range,
            Consumer<ConsumerRecord<byte[], byte[]>> consumer) {
        platform.records(topic, partition).stream()
                .filter(record -> range.contains(record.offset()))
                .forEach(consumer);
    }

    @Override
    public Optional<LakeSnapshot> newest(String table) {
        return Optional.of(
                new LakeSnapshot() {
                    @Override
                    public long position(TopicId topic, int partition) {
                        if (!table.endsWith("_dead")) {
                            return topic.equals(SimulatedPlatform.LAKE_RETRY_ID)
                                    ? platform.lakeRetryPositions.getOrDefault(partition, 0L)
                                    : topic.equals(SimulatedPlatform.ENRICHED_ID)
                                            ? platform.lakePositions.getOrDefault(partition, 0L)
                                            : 0;
                        }
                        for (DeadStage stage : DeadStage.values()) {
                            if (topic.equals(deadTopicId(stage))) {
                                return platform.deadLakePositions
                                        .getOrDefault(platform.dead(stage), Map.of())
                                        .getOrDefault(partition, 0L);
                            }
                        }
                        return 0;
                    }

                    @Override
                    public Optional<TopicId> pinned(String topic) {
                        return topic.equals(platform.raw())
                                ? platform.lakeRawTopic
                                : Optional.ofNullable(platform.deadPins.get(topic))
                                        .or(() -> topicId(topic));
                    }

                    @Override
                    public void rows(Map<Integer, OffsetRange> ranges, RowConsumer consumer) {
                        for (SimulatedPlatform.Row row : platform.rows) {
                            OffsetRange range = ranges.get(row.partition());
                            if (range != null && range.contains(row.offset())) {
                                consumer.row(row.partition(), row.offset(), row.identity());
                            }
                        }
                    }

                    @Override
                    public void predictions(
                            Map<Integer, OffsetRange> ranges, PredictionConsumer consumer) {
                        // There are none here.
                    }

                    @Override
                    public void deadRows(TimeRange range, Consumer<Hash128> ids) {
                        platform.deadRows.stream()
                                .filter(row -> range.contains(row.time()))
                                .forEach(row -> ids.accept(row.deadId()));
                    }
                });
    }

    @Override
    public long countDead(String index, TimeRange range) {
        return platform.deadDocuments.values().stream().filter(range::contains).count();
    }

    @Override
    public void deadDocuments(String index, TimeRange range, Consumer<Hash128> ids) {
        platform.deadDocuments.forEach((id, time) -> {
            if (range.contains(time)) {
                ids.accept(id);
            }
        });
    }

    @Override
    public long count(String index, int partition, OffsetRange range) {
        return platform.documents.values().stream()
                .filter(d -> d.partition() == partition && range.contains(d.offset()))
                .count();
    }

    @Override
    public void documents(
            String index, int partition, OffsetRange range, DocumentConsumer consumer) {
        platform.documents.forEach((id, document) -> {
            if (document.partition() == partition && range.contains(document.offset())) {
                consumer.document(id, document.offset(), document.version());
            }
        });
    }

    @Override
    public Map<Hash128, Long> versions(String index, Collection<Hash128> ids) {
        Map<Hash128, Long> versions = new HashMap<>();
        for (Hash128 id : ids) {
            SimulatedPlatform.Document document = platform.documents.get(id);
            if (document != null) {
                versions.put(id, document.version());
            }
        }
        return versions;
    }
}
