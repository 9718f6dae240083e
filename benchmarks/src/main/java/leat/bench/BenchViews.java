package leat.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import leat.core.event.Names;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureView;
import leat.core.yaml.Problems;
import leat.core.yaml.ProblemsException;
import leat.ml.featurestore.DefinitionReader;
import leat.ml.featurestore.FeatureFlow;
import leat.ml.featurestore.FeatureRegistry;
import leat.ml.featurestore.FeatureStore;
import leat.ml.featurestore.FeatureStoreSettings;
import leat.ml.featurestore.FeatureVerify;
import leat.ml.featurestore.VerifyReport;
import leat.ml.featurestore.ViewDefinition;
import leat.stream.log.LogUnavailable;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// Views of the bench's contract under names of their own: their topics, the feature store that
/// runs them, how far they are.
record BenchViews(Workbench bench, Names names, List<FeatureFlow> flows) {

    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

    BenchViews {
        flows = List.copyOf(flows);
    }

    /// Compiles views, makes what is missing of their topics, and registers them.
    ///
    /// @throws ProblemsException when one does not fit the contract
    static BenchViews prepare(Workbench bench, Names names, List<FeatureView> views) {
        List<FeatureFlow> flows = new ArrayList<>();
        for (FeatureView view : views) {
            Problems problems = new Problems();
            flows.add(
                    CompiledView.compile(view, bench.contract(), problems)
                            .map(FeatureFlow::new)
                            .orElseThrow(() -> new ProblemsException(problems.list())));
        }
        FeatureRegistry registry = new FeatureRegistry(bench.log(), names);
        List<TopicSpec> specs = new ArrayList<>(TopicSpec.of(names, bench.contract()));
        specs.add(TopicSpec.compacted(names.features(), 1));
        flows.forEach(flow -> specs.addAll(flow.topics(names)));
        try (Admin admin = bench.log().admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(specs));
        }
        registry.claim(flows.stream().map(flow -> new ViewDefinition(flow, "")).toList());
        return new BenchViews(bench, names, flows);
    }

    /// Starts an instance with the default settings.
    ///
    /// @param folder where its state is
    FeatureStore start(String instance, Path folder) {
        return FeatureStore.start(
                new FeatureStore.Place(bench.log(), names, instance, folder, 1),
                FeatureStoreSettings.DEFAULT,
                flows,
                new DefinitionReader(List.of()));
    }

    String source() {
        return names.enriched(bench.contract());
    }

    /// The offsets behind the last events of the source, of the partitions that have any: a
    /// transaction's marker stands behind them, which a view's position may be before or behind.
    Map<TopicPartition, Long> lastEvents() {
        return lastEvents(source());
    }

    /// The same of another topic.
    Map<TopicPartition, Long> lastEvents(String topic) {
        Map<TopicPartition, Long> last = new HashMap<>();
        bench.ends(topic)
                .forEach((partition, end) -> {
                    if (end > 0) {
                        last.put(partition, end - 1);
                    }
                });
        return last;
    }

    /// How much of the source a group has behind it.
    ///
    /// @param last see [#lastEvents]
    static long behind(Admin admin, String group, Map<TopicPartition, Long> last) {
        try {
            Map<TopicPartition, OffsetAndMetadata> committed =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            long sum = 0;
            for (Map.Entry<TopicPartition, Long> end : last.entrySet()) {
                OffsetAndMetadata at = committed.get(end.getKey());
                sum += at == null ? 0 : Math.min(at.offset(), end.getValue());
            }
            return sum;
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot read the offsets of " + group, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    /// The least share of the source that one of the views has behind it, from 0 to 1.
    double share(Admin admin, Map<TopicPartition, Long> last) {
        double all = last.values().stream().mapToLong(Long::longValue).sum();
        return flows.stream()
                .mapToDouble(flow -> behind(admin, flow.application(names), last) / all)
                .min()
                .orElse(1);
    }

    /// Whether each view has what it computes from behind it, which a view of another key has moved
    /// to a topic of its own. To be asked when all of the source is behind them.
    private boolean settled(Admin admin) {
        return flows.stream()
                .allMatch(flow -> {
                    Map<TopicPartition, Long> last = lastEvents(flow.input(names));
                    return behind(admin, flow.application(names), last)
                            >= last.values().stream().mapToLong(Long::longValue).sum();
                });
    }

    /// Waits until every view has a share of the source behind it, and with all of it also what was
    /// moved to another key.
    void await(Map<TopicPartition, Long> last, double share, Duration patience) {
        long deadline = System.nanoTime() + patience.toNanos();
        try (Admin admin = bench.log().admin()) {
            while (share(admin, last) < share || (share >= 1 && !settled(admin))) {
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException(
                            "the views are stuck at " + share(admin, last) + " of " + share);
                }
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /// Replays the source and compares.
    ///
    /// @return a report of each view
    List<VerifyReport> verify() {
        FeatureVerify verify = new FeatureVerify(bench.log(), names);
        return flows.stream().map(verify::run).toList();
    }

    /// @param events that each view has seen
    /// @throws IllegalStateException when a view's vectors are not just those of the events
    void requireExact(long events) {
        for (VerifyReport report : verify()) {
            if (!report.clean() || report.vectors() != events) {
                throw new IllegalStateException(
                        report.vectors() + " vectors of " + events + " events: " + report);
            }
        }
    }

    /// All that was made of the views.
    List<String> topics() {
        List<String> topics = new ArrayList<>();
        for (FeatureFlow flow : flows) {
            flow.topics(names).forEach(topic -> topics.add(topic.name()));
            topics.add(flow.application(names) + "-tiles-changelog");
        }
        return topics;
    }
}
