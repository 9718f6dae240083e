package leat.stream.enricher;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RecursiveAction;
import java.util.function.IntConsumer;
import leat.core.event.EventHeaders;
import leat.core.event.EventIdentity;
import leat.core.event.Hash128;
import leat.core.outcome.Reason;
import leat.core.outcome.ReasonCode;
import leat.stream.enricher.dedupe.Duplicates;
import leat.stream.log.Emissions;
import leat.stream.log.EventHeader;
import leat.stream.log.PartitionBatch;
import leat.stream.log.PartitionProcessor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/// One raw partition's way to enriched and dead. Identities are hashed and events judged in
/// parallel chunks; duplicates are decided in the order of the offsets in between.
final class EnricherPartition implements PartitionProcessor {

    /// Batches are cut into chunks of at least this many records; smaller ones are not worth a
    /// second thread.
    private static final int MIN_CHUNK = 128;

    private final OutgoingRecords outgoing;
    private final EventJudge judge;
    private final Duplicates duplicates;
    private final ForkJoinPool pool;
    private final EnricherMetrics metrics;
    private Tally inFlight = Tally.NONE;

    private record Tally(long enriched, long dead, long duplicates) {
        static final Tally NONE = new Tally(0, 0, 0);
    }

    EnricherPartition(
            Flow flow,
            OutgoingRecords outgoing,
            Duplicates duplicates,
            ForkJoinPool pool,
            EnricherMetrics metrics) {
        this.outgoing = outgoing;
        this.judge = flow.judge();
        this.duplicates = duplicates;
        this.pool = pool;
        this.metrics = metrics;
    }

    @Override
    public Emissions process(PartitionBatch batch) {
        duplicates.begin();
        List<ConsumerRecord<byte[], byte[]>> records = batch.records();
        int count = records.size();
        @Nullable Hash128[] identities = new @Nullable Hash128[count];
        inChunks(count, i -> identities[i] = identity(records.get(i)));
        boolean[] duplicate = new boolean[count];
        int dropped = 0;
        for (int i = 0; i < count; i++) {
            Hash128 identity = identities[i];
            if (identity != null
                    && duplicates.seen(
                            identity.high(), identity.low(), records.get(i).timestamp())) {
                duplicate[i] = true;
                dropped++;
            }
        }
        @Nullable Judged[] judged = new @Nullable Judged[count];
        inChunks(
                count,
                i -> {
                    if (!duplicate[i]) {
                        judged[i] = judge(records.get(i));
                    }
                });
        return emissions(judged, dropped);
    }

    private Emissions emissions(@Nullable Judged[] judged, int dropped) {
        List<ProducerRecord<byte[], byte[]>> out = new ArrayList<>(judged.length);
        int dead = 0;
        for (Judged one : judged) {
            if (one != null) {
                out.add(one.record());
                dead += one.dead() ? 1 : 0;
            }
        }
        inFlight = new Tally(out.size() - dead, dead, dropped);
        return new Emissions(out);
    }

    private record Judged(ProducerRecord<byte[], byte[]> record, boolean dead) {}

    private Judged judge(ConsumerRecord<byte[], byte[]> raw) {
        byte[] value = Objects.requireNonNullElse(raw.value(), new byte[0]);
        EventJudge.Verdict verdict =
                judge.judge(
                        value,
                        EventHeader.text(raw.headers(), EventHeaders.TIME),
                        raw.timestamp() * 1_000);
        return switch (verdict) {
            case EventJudge.Verdict.Enriched enriched ->
                    new Judged(
                            outgoing.enriched(raw, enriched.value(), enriched.eventMicros()),
                            false);
            case EventJudge.Verdict.Refused refused ->
                    new Judged(outgoing.dead(raw, raw.value(), refused.reasons()), true);
        };
    }

    /// The culprit stands on raw like any other record, so its identity is remembered too.
    @Override
    public Emissions poison(
            ConsumerRecord<byte[], byte[]> record, Reason reason, boolean keepPayload) {
        Hash128 identity = identity(record);
        if (identity != null
                && duplicates.seen(identity.high(), identity.low(), record.timestamp())) {
            inFlight = new Tally(0, 0, 1);
            return Emissions.NONE;
        }
        inFlight = new Tally(0, 1, 0);
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
                List.of(outgoing.dead(record, keepPayload ? record.value() : null, reasons)));
    }

    @Override
    public void committed(long offset) {
        duplicates.committed(offset);
        metrics.add(inFlight.enriched(), inFlight.dead(), inFlight.duplicates());
        inFlight = Tally.NONE;
    }

    @Override
    public void aborted() {
        duplicates.aborted();
        inFlight = Tally.NONE;
    }

    @Override
    public void close() {
        duplicates.close();
    }

    static @Nullable Hash128 identity(ConsumerRecord<byte[], byte[]> record) {
        return EventHeader.identity(record.headers()).map(EventIdentity::hash).orElse(null);
    }

    private void inChunks(int count, IntConsumer each) {
        int chunks = Math.min(pool.getParallelism(), count / MIN_CHUNK);
        if (chunks <= 1) {
            for (int i = 0; i < count; i++) {
                each.accept(i);
            }
            return;
        }
        // Four chunks a thread even out events of unlike cost.
        pool.invoke(new Chunk(0, count, Math.max(MIN_CHUNK, count / (4 * chunks)), each));
    }

    private static final class Chunk extends RecursiveAction {
        private final int from;
        private final int to;
        private final int grain;
        private final IntConsumer each;

        Chunk(int from, int to, int grain, IntConsumer each) {
            this.from = from;
            this.to = to;
            this.grain = grain;
            this.each = each;
        }

        @Override
        protected void compute() {
            if (to - from <= grain) {
                for (int i = from; i < to; i++) {
                    each.accept(i);
                }
                return;
            }
            int middle = (from + to) >>> 1;
            invokeAll(new Chunk(from, middle, grain, each), new Chunk(middle, to, grain, each));
        }
    }
}
