package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import leat.core.event.EventHeaders;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.core.feature.Observation;
import leat.ml.featurestore.ViewEvents.Reading;
import leat.stream.log.EventHeader;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/// One partition of a source whose events are kept together by something else than the view's
/// entities: each event of the view goes, as it is, to its entity's partition in the view's own
/// topic. That topic says once and for all in which order the events of an entity count, so that a
/// replay meets them in the same order as the view did.
final class Rekeyer implements Processor<byte[], byte[], byte[], byte[]> {

    private final FeatureMetrics metrics;
    private final CommitPace pace;
    private final ViewEvents events;
    private final UnreadableRecords unreadable;
    private final TopicId source;
    private @Nullable ProcessorContext<byte[], byte[]> out;

    /// @param source the id of the topic that the events come from
    Rekeyer(FeatureFlow flow, TopicId source, FeatureMetrics metrics, CommitPace pace) {
        this.metrics = metrics;
        this.pace = pace;
        // Failures are counted where the values are used.
        this.events = new ViewEvents(flow, (_, _) -> {});
        this.unreadable = new UnreadableRecords(flow, metrics);
        this.source = source;
    }

    @Override
    public void init(ProcessorContext<byte[], byte[]> context) {
        out = context;
        pace.join(context);
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
        ProcessorContext<byte[], byte[]> to = out;
        if (to == null) {
            throw new IllegalStateException("not initialised");
        }
        pace.work();
        RecordMetadata place = to.recordMetadata().orElseThrow();
        metrics.event();
        switch (events.read(record.value(), record.headers(), place.partition(), place.offset())) {
            case Reading.Seen(Observation observation) -> {
                to.forward(
                        record.withKey(observation.entity().getBytes(StandardCharsets.UTF_8))
                                .withHeaders(headers(record.headers(), place)));
                FailPoint.reach("features.after-rekey");
            }
            case Reading.Passed _ -> {}
            case Reading.Unreadable(String why) -> unreadable.passOver(place, why);
        }
    }

    private Headers headers(Headers event, RecordMetadata place) {
        RecordHeaders headers = new RecordHeaders(event.toArray());
        headers.remove(EventHeaders.POSITION);
        headers.remove(EventHeaders.ORIGIN);
        EventHeader.add(
                headers,
                EventHeaders.ORIGIN,
                new Position(source, place.partition(), place.offset()).toString());
        return headers;
    }
}
