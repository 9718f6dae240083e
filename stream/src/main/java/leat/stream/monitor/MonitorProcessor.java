package leat.stream.monitor;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.core.event.Names;
import leat.stream.log.AssignedPartition;
import leat.stream.log.LogReader;
import leat.stream.log.PartitionProcessor;
import leat.stream.log.Processor;

/// The monitor's logic for all that it reads: events and vectors are counted, inputs are judged.
public final class MonitorProcessor implements Processor {

    private final MonitorTopics topics;
    private final Map<String, Watched> watched = new TreeMap<>();
    private final Map<String, Watched> byTopic = new TreeMap<>();

    public MonitorProcessor(Names names, Judged judged) {
        this.topics = new MonitorTopics(names);
        judged.events().stream()
                .filter(Judged::hasRules)
                .forEach(contract -> watch(Watched.events(names, contract)));
        judged.vectors().stream()
                .filter(Judged::hasRules)
                .forEach(vectors -> watch(Watched.vectors(names, vectors)));
    }

    private void watch(Watched one) {
        watched.put(one.name(), one);
        one.topics().forEach(topic -> byTopic.put(topic, one));
    }

    /// All that the monitor reads.
    public List<String> topics() {
        List<String> all = new java.util.ArrayList<>(byTopic.keySet());
        all.add(topics.inputs());
        return List.copyOf(all);
    }

    List<Watched> watched() {
        return List.copyOf(watched.values());
    }

    @Override
    public PartitionProcessor open(AssignedPartition assigned, LogReader reader) {
        String topic = assigned.partition().topic();
        if (topic.equals(topics.inputs())) {
            return JudgingPartition.restore(topics, watched, assigned, reader);
        }
        Watched one = byTopic.get(topic);
        if (one == null) {
            throw new IllegalStateException("no contract with rules has topic " + topic);
        }
        return new CountingPartition(one, one.kind(topic).orElseThrow(), topics);
    }
}
