package leat.ml.tracking;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.core.tracking.LoggedPoints;
import leat.core.tracking.Metric;
import leat.core.tracking.NewestMetric;
import leat.core.tracking.Run;
import leat.core.tracking.TrackingCommand;
import leat.core.tracking.TrackingFold;
import leat.core.tracking.TrackingRefused;
import leat.core.tracking.search.Page;
import leat.core.tracking.search.PageRequest;
import leat.ml.fold.Change;
import leat.ml.fold.FoldedTopic;
import leat.ml.fold.Folding;
import leat.ml.fold.Outbox;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Tracking in the log: the state is folded from one topic, points of metrics are read where they
/// are in another one, and both are written in one transaction.
public final class TrackingLog implements Tracking, AutoCloseable {

    private final InstantSource clock;
    private final StateRecords states;
    private final PointRecords points;
    private final MetricHistory history;
    private final FoldedTopic<TrackingFold> folded;

    /// The topics have to be there when it is asked for the first time.
    ///
    /// @param clock says when experiments were made and changed
    public TrackingLog(LogConnection log, Names names, InstantSource clock) {
        TrackingTopics topics = new TrackingTopics(names);
        this.clock = clock;
        this.states = new StateRecords(topics.state());
        this.points = new PointRecords(topics.points());
        this.history = new MetricHistory(log, topics);
        this.folded =
                new FoldedTopic<>(
                        log,
                        new FoldedTopic.Place(names, TrackingTopics.STATE, Duration.ofSeconds(10)),
                        new OfStates(states));
    }

    private record OfStates(StateRecords records) implements Folding<TrackingFold> {
        @Override
        public TrackingFold empty() {
            return new TrackingFold();
        }

        @Override
        public void apply(TrackingFold state, ConsumerRecord<byte[], byte[]> record) {
            state.apply(records.read(record));
        }
    }

    /// The topics that it needs.
    public static List<TopicSpec> topics(Names names) {
        return new TrackingTopics(names).specs();
    }

    @Override
    public <T> T read(Function<TrackingFold, T> question) {
        return folded.read(question);
    }

    @Override
    public void write(TrackingCommand command) {
        folded.write(state -> {
            TrackingCommand.Decision decision = command.decide(state, clock.millis());
            if (decision.isEmpty()) {
                return Optional.empty();
            }
            SortedMap<String, NewestMetric> known =
                    state.run(decision.runId()).map(Run::metrics).orElseGet(TreeMap::new);
            return Optional.of((Change.Sending) outbox -> send(decision, known, outbox));
        });
    }

    private void send(
            TrackingCommand.Decision decision,
            SortedMap<String, NewestMetric> known,
            Outbox outbox) {
        if (!decision.points().isEmpty()) {
            String runId = decision.runId();
            Outbox.Offsets offsets =
                    outbox.sendAll(
                            decision.points().stream()
                                    .map(point -> points.of(runId, point))
                                    .iterator());
            new LoggedPoints(runId, decision.points(), offsets.first())
                    .newest(known)
                    .forEach(record -> outbox.send(states.of(record)));
            FailPoint.reach("tracking.after-points");
        }
        decision.records().forEach(record -> outbox.send(states.of(record)));
    }

    @Override
    public Page<Metric> history(String runId, String metric, PageRequest page) {
        Run run =
                read(state -> state.run(runId))
                        .orElseThrow(() ->
                                TrackingRefused.absent("Run with id=" + runId + " not found"));
        return Optional.<NewestMetric>ofNullable(run.metrics().get(metric))
                .map(newest -> history.read(runId, newest, page))
                .orElseGet(() -> new Page<>(List.of(), ""));
    }

    @Override
    public void close() {
        folded.close();
    }
}
