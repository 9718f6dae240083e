package leat.ml.training;

import java.util.List;
import leat.core.event.TopicId;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Some records of a topic, the same ones for ever as long as the log keeps them.
///
/// @param from the first offset of each partition
/// @param to the offset behind the last one of each partition
record TopicRange(String topic, TopicId id, List<Long> from, List<Long> to) {

    TopicRange {
        from = List.copyOf(from);
        to = List.copyOf(to);
        if (from.size() != to.size()) {
            throw new IllegalArgumentException("a partition has no beginning or no end");
        }
    }

    /// How many offsets it has, markers of transactions included.
    long offsets() {
        long offsets = 0;
        for (int partition = 0; partition < to.size(); partition++) {
            offsets += Math.max(0, to.get(partition) - from.get(partition));
        }
        return offsets;
    }

    void write(ObjectNode json) {
        json.put("topic", topic).put("id", id.toString());
        from.forEach(json.putArray("from")::add);
        to.forEach(json.putArray("to")::add);
    }

    static TopicRange read(JsonNode json) {
        return new TopicRange(
                json.required("topic").asString(),
                new TopicId(json.required("id").asString()),
                offsets(json.required("from")),
                offsets(json.required("to")));
    }

    private static List<Long> offsets(JsonNode array) {
        return array.values().stream().map(JsonNode::asLong).toList();
    }
}
