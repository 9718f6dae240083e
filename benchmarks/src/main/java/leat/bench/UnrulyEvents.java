package leat.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import leat.core.contract.ContractName;
import leat.core.event.EventGenerator;
import leat.core.event.EventHeaders;
import leat.stream.enricher.ContractJudge;
import leat.stream.enricher.EventJudge;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import tools.jackson.databind.json.JsonMapper;

/// Writes what an enricher could write on a bad day: the generator's events, enriched, in
/// transactions some of which are aborted; one of five late, by seconds or by hours; some twice;
/// now and then a record that is no event. For one thread.
final class UnrulyEvents implements AutoCloseable {

    private static final int TRANSACTION = 1_000;
    private static final long SECOND = 1_000_000;
    private static final long SEED = 23;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Workbench bench;
    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final EventJudge judge;
    private final EventGenerator.Feed feed;
    private final SplittableRandom random = new SplittableRandom(SEED);
    private Written committed = new Written(0, 0, 0, 0, 0);
    private Written open = new Written(0, 0, 0, 0, 0);

    /// How many records stand on the topic, those of aborted transactions beside them.
    ///
    /// @param events all of them, late and doubled ones too
    /// @param twice second records of an event
    /// @param others that are no events
    record Written(long events, long late, long twice, long others, long aborted) {

        private Written event(boolean isLate) {
            return new Written(events + 1, late + (isLate ? 1 : 0), twice, others, aborted);
        }

        private Written again() {
            return new Written(events + 1, late, twice + 1, others, aborted);
        }

        private Written other() {
            return new Written(events, late, twice, others + 1, aborted);
        }

        private Written and(Written other) {
            return new Written(
                    events + other.events,
                    late + other.late,
                    twice + other.twice,
                    others + other.others,
                    aborted);
        }

        private Written withAborted(Written other) {
            return new Written(events, late, twice, others, aborted + other.events + other.others);
        }
    }

    UnrulyEvents(Workbench bench, String topic) {
        this.bench = bench;
        this.topic = topic;
        this.judge = new ContractJudge(bench.contract());
        this.feed = BenchEvents.open(bench.generator(), BenchEvents.START);
        this.producer =
                bench.log()
                        .transactionalProducer(
                                "bench-unruly",
                                topic + ".unruly",
                                Map.of(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10));
        producer.initTransactions();
    }

    /// Writes at least so many events.
    Written write(long events) {
        ContractName wanted = bench.contract().name();
        while (committed.events() < events) {
            open = new Written(0, 0, 0, 0, 0);
            producer.beginTransaction();
            while (open.events() < TRANSACTION) {
                feed.next((contract, buffer, length) -> {
                    if (contract.equals(wanted)) {
                        one(Arrays.copyOf(buffer, length));
                    }
                });
            }
            if (random.nextInt(20) == 0) {
                producer.abortTransaction();
                committed = committed.withAborted(open);
            } else {
                producer.commitTransaction();
                committed = committed.and(open);
            }
        }
        return committed;
    }

    private void one(byte[] event) {
        if (!(judge.judge(event, null, arrival()) instanceof EventJudge.Verdict.Enriched sound)) {
            throw new IllegalStateException("the generator breaks the contract");
        }
        String car = JSON.readTree(event).required("car").asString();
        long late =
                switch (random.nextInt(20)) {
                    case 0 -> random.nextLong(2 * 3_600 * SECOND);
                    case 1, 2, 3 -> random.nextLong(30 * SECOND);
                    default -> 0;
                };
        send(car, sound.value(), sound.eventMicros() - late);
        open = open.event(late > 0);
        if (random.nextInt(25) == 0) {
            send(car, sound.value(), sound.eventMicros() - late);
            open = open.again();
        }
        if (random.nextInt(300) == 0) {
            send(car, "no event".getBytes(UTF_8), sound.eventMicros());
            open = open.other();
        }
    }

    /// As if each event arrived when it was made.
    private long arrival() {
        return feed.nextTimeMicros();
    }

    private void send(String car, byte[] value, long timeMicros) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, car.getBytes(UTF_8), value);
        record.headers().add(EventHeaders.EVENT_TIME, Long.toString(timeMicros).getBytes(UTF_8));
        record.headers()
                .add(
                        EventHeaders.CONTRACT_VERSION,
                        bench.contract().version().toString().getBytes(UTF_8));
        // The commit reports what failed.
        Future<RecordMetadata> _ = producer.send(record);
    }

    @Override
    public void close() {
        producer.close();
    }
}
