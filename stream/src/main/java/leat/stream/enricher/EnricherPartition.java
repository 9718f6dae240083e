package leat.stream.enricher;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import leat.core.encoding.Decoded;
import leat.core.encoding.PayloadDecoder;
import leat.core.event.EventHeaders;
import leat.core.event.EventIdentity;
import leat.core.event.Hash128;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.stream.enricher.dedupe.Duplicates;
import leat.stream.log.Counts;
import leat.stream.log.Emissions;
import leat.stream.log.EventHeader;
import leat.stream.log.EventTimes.Progress;
import leat.stream.log.PartitionBatch;
import leat.stream.log.PartitionProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// One raw partition's way to enriched and dead: duplicates are dropped in the order of the
/// offsets, what is left is judged.
final class EnricherPartition implements PartitionProcessor {

    private final OutgoingRecords outgoing;
    private final EventJudge judge;
    private final @Nullable PayloadDecoder decoder;
    private final Duplicates duplicates;
    private final EnricherMetrics metrics;
    private Counts inFlight = Counts.NONE;
    private long watermarkMicros;

    /// @param counts what became of the events before
    EnricherPartition(
            Flow flow,
            OutgoingRecords outgoing,
            Duplicates duplicates,
            EnricherMetrics metrics,
            Counts counts) {
        this.outgoing = outgoing;
        this.judge = flow.judge();
        this.decoder = flow.decoder().orElse(null);
        this.duplicates = duplicates;
        this.metrics = metrics;
        this.watermarkMicros = counts.times().watermarkMicros();
    }

    @Override
    public boolean waits() {
        return judge.waits();
    }

    @Override
    public Emissions process(PartitionBatch batch) {
        duplicates.begin();
        List<ConsumerRecord<byte[], byte[]>> fresh = new ArrayList<>(batch.records().size());
        for (ConsumerRecord<byte[], byte[]> raw : batch.records()) {
            if (!isDuplicate(raw)) {
                fresh.add(raw);
            }
        }
        Made made = new Made(new ArrayList<>(fresh.size()), new Progress(watermarkMicros));
        int dead = judge.waits() ? judgeTogether(fresh, made) : judgeEach(fresh, made);
        inFlight =
                new Counts(
                        fresh.size() - dead,
                        dead,
                        batch.records().size() - fresh.size(),
                        made.progress().times());
        return new Emissions(made.out(), inFlight);
    }

    /// What a batch becomes, while it does.
    private record Made(List<ProducerRecord<byte[], byte[]>> out, Progress progress) {}

    /// How many are dead.
    private int judgeEach(List<ConsumerRecord<byte[], byte[]>> fresh, Made made) {
        int dead = 0;
        for (ConsumerRecord<byte[], byte[]> raw : fresh) {
            dead += emit(raw, verdict(raw), made);
        }
        return dead;
    }

    private EventJudge.Verdict verdict(ConsumerRecord<byte[], byte[]> raw) {
        if (decoder == null) {
            return judge.judge(value(raw), ceTime(raw), appendMicros(raw));
        }
        return switch (decode(raw)) {
            case Decoded.Json(byte[] json) -> judge.judge(json, ceTime(raw), appendMicros(raw));
            case Decoded.Refused(Reason reason) -> new EventJudge.Verdict.Refused(List.of(reason));
        };
    }

    private Decoded decode(ConsumerRecord<byte[], byte[]> raw) {
        return decoder == null
                ? new Decoded.Json(value(raw))
                : decoder.decode(
                        EventHeader.text(raw.headers(), EventHeaders.CONTENT_TYPE),
                        value(raw),
                        name -> EventHeader.text(raw.headers(), name));
    }

    private int judgeTogether(List<ConsumerRecord<byte[], byte[]>> fresh, Made made) {
        List<Decoded> decoded = fresh.stream().map(this::decode).toList();
        List<EventJudge.RawEvent> events = new ArrayList<>(fresh.size());
        for (int i = 0; i < fresh.size(); i++) {
            if (decoded.get(i) instanceof Decoded.Json(byte[] json)) {
                ConsumerRecord<byte[], byte[]> raw = fresh.get(i);
                events.add(new EventJudge.RawEvent(json, ceTime(raw), appendMicros(raw)));
            }
        }
        Iterator<EventJudge.Verdict> verdicts = judge.judgeAll(events).iterator();
        int dead = 0;
        for (int i = 0; i < fresh.size(); i++) {
            EventJudge.Verdict verdict =
                    switch (decoded.get(i)) {
                        case Decoded.Json _ -> verdicts.next();
                        case Decoded.Refused(Reason reason) ->
                                new EventJudge.Verdict.Refused(List.of(reason));
                    };
            dead += emit(fresh.get(i), verdict, made);
        }
        return dead;
    }

    private static byte[] value(ConsumerRecord<byte[], byte[]> raw) {
        return Objects.requireNonNullElse(raw.value(), new byte[0]);
    }

    private static @Nullable String ceTime(ConsumerRecord<byte[], byte[]> raw) {
        return EventHeader.text(raw.headers(), EventHeaders.TIME);
    }

    private static long appendMicros(ConsumerRecord<byte[], byte[]> raw) {
        return raw.timestamp() * 1_000;
    }

    /// Yields 1 when the event is dead, else 0.
    private int emit(ConsumerRecord<byte[], byte[]> raw, EventJudge.Verdict verdict, Made made) {
        return switch (verdict) {
            case EventJudge.Verdict.Enriched enriched -> {
                ProducerRecord<byte[], byte[]> event = outgoing.enriched(raw, enriched);
                made.out().add(event);
                outgoing.latest(event).ifPresent(made.out()::add);
                made.progress().add(enriched.eventMicros(), raw.timestamp());
                yield 0;
            }
            case EventJudge.Verdict.Refused refused -> {
                made.out().add(outgoing.dead(raw, raw.value(), refused.reasons()));
                yield 1;
            }
        };
    }

    private boolean isDuplicate(ConsumerRecord<byte[], byte[]> raw) {
        Hash128 identity = identity(raw);
        return identity != null
                && duplicates.seen(identity.high(), identity.low(), raw.timestamp());
    }

    /// The culprit stands on raw like any other record, so its identity is remembered too.
    @Override
    public Emissions poison(
            ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload) {
        if (isDuplicate(record)) {
            inFlight = new Counts(0, 0, 1);
            return new Emissions(List.of(), inFlight);
        }
        inFlight = new Counts(0, 1, 0);
        List<Reason> reasons =
                keepPayload
                        ? List.of(reason)
                        : List.of(
                                reason,
                                new Reason(
                                        ReasonCode.TOO_LARGE,
                                        "",
                                        "the payload does not fit into a dead letter; it stands on"
                                                + " the raw topic at leat_position"));
        return new Emissions(
                List.of(outgoing.dead(record, keepPayload ? record.value() : null, reasons)),
                inFlight);
    }

    @Override
    public void committed(long offset) {
        duplicates.committed(offset);
        metrics.add(inFlight);
        watermarkMicros = Math.max(watermarkMicros, inFlight.times().watermarkMicros());
        inFlight = Counts.NONE;
    }

    @Override
    public void aborted() {
        duplicates.aborted();
        inFlight = Counts.NONE;
    }

    @Override
    public void close() {
        duplicates.close();
    }

    static @Nullable Hash128 identity(ConsumerRecord<byte[], byte[]> record) {
        return EventHeader.identity(record.headers()).map(EventIdentity::hash).orElse(null);
    }
}
