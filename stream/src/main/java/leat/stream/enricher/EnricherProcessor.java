package leat.stream.enricher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import leat.stream.enricher.dedupe.DuplicateRule;
import leat.stream.enricher.dedupe.Duplicates;
import leat.stream.log.AssignedPartition;
import leat.stream.log.LogReader;
import leat.stream.log.PartitionProcessor;
import leat.stream.log.Processor;

/// The enricher's logic for the raw topics of all its contracts.
public final class EnricherProcessor implements Processor {

    private final Map<String, Flow> flows = new TreeMap<>();
    private final Map<String, EnricherMetrics> metrics = new TreeMap<>();
    private final EnricherSettings settings;
    private final Path folder;

    /// @param folder where the identities' journals are kept, for one member of the group alone
    public EnricherProcessor(List<Flow> flows, EnricherSettings settings, Path folder) {
        for (Flow flow : flows) {
            this.flows.put(flow.raw(), flow);
            this.metrics.put(flow.raw(), new EnricherMetrics(flow.contract()));
        }
        this.settings = settings;
        this.folder = folder;
    }

    @Override
    public PartitionProcessor open(AssignedPartition assigned, LogReader reader) {
        String topic = assigned.partition().topic();
        Flow flow = flows.get(topic);
        EnricherMetrics counters = metrics.get(topic);
        if (flow == null || counters == null) {
            throw new IllegalStateException("no contract reads topic " + topic);
        }
        Duplicates duplicates =
                Duplicates.restore(
                        new Duplicates.Settings(
                                DuplicateRule.within(flow.window()),
                                settings.dedupeMemory(),
                                EnricherPartition::identity),
                        assigned,
                        reader,
                        folder.resolve(topic)
                                .resolve(Integer.toString(assigned.partition().partition())));
        return new EnricherPartition(
                flow,
                new OutgoingRecords(flow, assigned.topicId()),
                duplicates,
                counters,
                assigned.counts());
    }
}
