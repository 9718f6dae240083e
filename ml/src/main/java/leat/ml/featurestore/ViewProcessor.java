package leat.ml.featurestore;

import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.core.feature.EntityState;
import leat.core.feature.Layout;
import leat.core.feature.Observation;
import leat.ml.featurestore.ViewEvents.Reading;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/// One partition of a view: every event of the view has its entity's vector written, and with each
/// transaction the tiles that changed go to the store and the newest vector of each entity to
/// `latest`. Streams commits all of it with the position in the source; what it rolls back it
/// closes, and opened again the processor knows nothing but the store.
final class ViewProcessor implements Processor<byte[], byte[], RoutedKey, byte[]> {

    private final FeatureFlow flow;
    private final EntityMemory memory;
    private final FeatureMetrics metrics;
    private final CommitPace pace;
    private final BeforeCommit beforeCommit;
    private final Layout layout;
    private final ViewEvents events;
    private final VectorWriter writer;
    private final UnreadableRecords unreadable;
    private @Nullable Opened opened;

    /// @param input the id of the topic that the events come from
    ViewProcessor(
            FeatureFlow flow,
            TopicId input,
            EntityMemory memory,
            FeatureMetrics metrics,
            CommitPace pace,
            BeforeCommit beforeCommit) {
        this.flow = flow;
        this.memory = memory;
        this.metrics = metrics;
        this.pace = pace;
        this.beforeCommit = beforeCommit;
        this.layout = Layout.of(flow.compiled().shape());
        this.events = new ViewEvents(flow, (_, _) -> metrics.expressionFailed());
        this.writer = new VectorWriter(flow, input);
        this.unreadable = new UnreadableRecords(flow, metrics);
    }

    private record Opened(
            ProcessorContext<RoutedKey, byte[]> out,
            Entities entities,
            KeyValueStore<Bytes, byte[]> marks) {}

    @Override
    public void init(ProcessorContext<RoutedKey, byte[]> context) {
        close();
        KeyValueStore<Bytes, byte[]> tiles = context.getStateStore(ViewTopology.TILES);
        Entities entities =
                new Entities(
                        layout, tiles, memory, metrics, vector -> writeLatest(context, vector));
        beforeCommit.join(context, entities::save);
        pace.join(context);
        opened = new Opened(context, entities, context.getStateStore(BeforeCommit.MARKS));
    }

    private static void writeLatest(
            ProcessorContext<RoutedKey, byte[]> out, Record<RoutedKey, byte[]> vector) {
        out.forward(vector, ViewTopology.LATEST);
        FailPoint.reach("features.after-latest");
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        Opened open = opened;
        if (open == null) {
            throw new IllegalStateException("not initialised");
        }
        pace.work();
        RecordMetadata place = open.out().recordMetadata().orElseThrow();
        if (!flow.rekeys()) {
            metrics.event();
        }
        switch (events.read(record.value(), record.headers(), place.partition(), place.offset())) {
            case Reading.Seen(Observation observation) -> write(open, observation, record);
            case Reading.Passed _ -> {}
            case Reading.Unreadable(String why) -> unreadable.passOver(place, why);
        }
    }

    private void write(Opened open, Observation observation, Record<byte[], byte[]> event) {
        Entities.Held entity = open.entities().add(observation);
        EntityState state = entity.state();
        FailPoint.reach("features.after-state");
        Record<RoutedKey, byte[]> vector =
                new Record<>(
                        new RoutedKey(observation.partition(), observation.entity()),
                        writer.value(observation.entity(), state.queryMicros(), state.vector()),
                        event.timestamp(),
                        writer.headers(observation, event.headers()));
        open.out().forward(vector, ViewTopology.VECTORS);
        FailPoint.reach("features.after-vector");
        boolean isMarked = open.entities().isUnsaved();
        entity.vector(vector);
        if (!isMarked) {
            BeforeCommit.mark(open.marks());
        }
        metrics.vector();
    }

    @Override
    public void close() {
        Opened open = opened;
        opened = null;
        if (open != null) {
            open.entities().close();
        }
    }
}
