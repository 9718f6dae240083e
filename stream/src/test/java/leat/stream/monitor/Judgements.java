package leat.stream.monitor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What the monitor has written down, of one rule each.
record Judgements(LogConnection log, Names names) {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    long counted(String rule) {
        return sum(rule, "events");
    }

    long sum(String rule, String number) {
        return results(rule).stream().mapToLong(node -> node.path(number).asLong()).sum();
    }

    List<Long> starts(String rule) {
        return results(rule).stream()
                .map(node -> Instant.parse(node.path("windowStart").asString("")).toEpochMilli())
                .toList();
    }

    List<JsonNode> results(String rule) {
        return records(new MonitorTopics(names).results(), 1).stream()
                .map(record -> JSON.readTree(record.value()))
                .filter(node -> node.path("rule").asString("").equals(rule))
                .toList();
    }

    List<ConsumerRecord<byte[], byte[]>> records(String topic, int partitions) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        try (Consumer<byte[], byte[]> consumer = log.reader("test", Map.of())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
