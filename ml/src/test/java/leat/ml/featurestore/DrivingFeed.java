package leat.ml.featurestore;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import leat.core.event.Names;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/// Writes what an enricher could write: events of many cars in transactions, some of which are
/// aborted; some events late, out of order, twice, or not of the view; now and then a record that
/// is no event. It knows what of it is to have a vector. For one thread.
final class DrivingFeed implements AutoCloseable {

    private static final int BATCH = 40;
    private static final int CARS = 60;
    private static final long SECOND = 1_000_000;

    private final String topic;
    private final Producer<byte[], byte[]> producer;
    private final Random random;
    private final Set<String> places = new TreeSet<>();
    private final Map<Integer, Long> ends = new HashMap<>();
    private long time = 1_800_000_000_000_000L;

    DrivingFeed(Names names, long seed) {
        this.topic = names.enriched(Driving.SOURCE);
        this.random = new Random(seed);
        this.producer =
                FeatureKafka.connection()
                        .transactionalProducer("feed", names.prefix() + ".feed", Map.of());
        producer.initTransactions();
    }

    /// The places of all events of the view, `partition@offset`.
    Set<String> places() {
        return places;
    }

    /// Behind the last record of each partition.
    Map<Integer, Long> ends() {
        return ends;
    }

    /// Writes about so many records.
    void write(int records) throws ExecutionException, InterruptedException {
        for (int left = records; left > 0; left -= BATCH) {
            transaction(random.nextInt(20) == 0);
        }
    }

    private void transaction(boolean aborted) throws ExecutionException, InterruptedException {
        Map<Future<RecordMetadata>, Boolean> sent = new HashMap<>();
        producer.beginTransaction();
        for (int i = 0; i < BATCH; i++) {
            one(sent);
        }
        producer.flush();
        if (aborted) {
            producer.abortTransaction();
            return;
        }
        producer.commitTransaction();
        for (Map.Entry<Future<RecordMetadata>, Boolean> record : sent.entrySet()) {
            RecordMetadata at = record.getKey().get();
            ends.merge(at.partition(), at.offset() + 1, Math::max);
            if (record.getValue()) {
                places.add(at.partition() + "@" + at.offset());
            }
        }
    }

    private void one(Map<Future<RecordMetadata>, Boolean> sent) {
        time += random.nextLong(SECOND / 2);
        String car = "car" + random.nextInt(CARS);
        if (random.nextInt(300) == 0) {
            sent.put(send(car, "no event".getBytes(StandardCharsets.UTF_8), time), false);
            return;
        }
        long late =
                switch (random.nextInt(20)) {
                    case 0 -> random.nextLong(1_500 * SECOND);
                    case 1, 2, 3 -> random.nextLong(30 * SECOND);
                    default -> 0;
                };
        int gear = random.nextInt(8) - 1;
        byte[] event =
                Driving.event(car, random.nextDouble() * 200, gear, "A" + random.nextInt(30));
        for (int copies = random.nextInt(25) == 0 ? 2 : 1; copies > 0; copies--) {
            sent.put(send(car, event, time - late), gear != -1);
        }
    }

    private Future<RecordMetadata> send(String car, byte[] value, long timeMicros) {
        return producer.send(
                new ProducerRecord<>(
                        topic,
                        Math.floorMod(car.hashCode(), Driving.PARTITIONS),
                        null,
                        car.getBytes(StandardCharsets.UTF_8),
                        value,
                        Driving.headers(timeMicros)));
    }

    @Override
    public void close() {
        producer.close();
    }
}
