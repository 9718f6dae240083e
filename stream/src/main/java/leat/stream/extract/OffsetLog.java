package leat.stream.extract;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.core.extraction.Advance;
import leat.core.extraction.Extractions;
import leat.core.extraction.Taken;
import leat.stream.log.Backoff;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.SmallTopic;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/// The position of one source in the topic of extractions: one partition, compacted, a record a
/// source. Whoever opens it last has it: the one before is fenced, and finds out at its next step.
/// For one thread.
final class OffsetLog implements AutoCloseable {

    private static final int ATTEMPTS = 20;

    private final Place place;
    private final String source;
    private final String topic;
    private Producer<byte[], byte[]> producer;
    private Extractions state;

    /// Where positions are kept.
    ///
    /// @param clock says when they were taken
    public record Place(LogConnection log, Names names, InstantSource clock) {}

    private OffsetLog(Place place, String source) {
        this.place = place;
        this.source = source;
        this.topic = place.names().extractions();
        this.producer = fencing();
        this.state = closingOnFailure();
    }

    /// Takes a source and reads where it is. No earlier holder can move it from then on.
    ///
    /// @throws LogUnavailable when Kafka does not answer, or the topic is not there
    static OffsetLog open(Place place, String source) {
        String topic = place.names().extractions();
        try (Admin admin = place.log().admin()) {
            if (new Topics(admin, 1).ids(List.of(topic)).isEmpty()) {
                throw new LogUnavailable(
                        "the topic " + topic + " is not there; leat up and leat run make it", null);
            }
        }
        try {
            return new OffsetLog(place, source);
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot open the position of " + source, e);
        }
    }

    Map<String, String> position() {
        return state.position(source);
    }

    /// Moves the source.
    ///
    /// @param rows how many lie between
    /// @throws TakenOver when another process has it by now
    /// @throws LogUnavailable when Kafka does not do it for too long
    void advance(Map<String, String> to, long rows) {
        Advance command = new Advance(source, position(), to, rows);
        Backoff backoff = new Backoff();
        for (int attempt = 1; ; attempt++) {
            switch (command.decide(state, place.clock().instant())) {
                case Advance.Decision.Nothing() -> {
                    return;
                }
                case Advance.Decision.Refuse(String why) -> throw new TakenOver(source, why, null);
                case Advance.Decision.Take(Taken event) -> {
                    if (written(event, attempt)) {
                        state = state.apply(event);
                        return;
                    }
                }
            }
            LockSupport.parkNanos(backoff.next().toNanos());
            reopen();
        }
    }

    /// @return false when nobody can say whether it was: then the state has to be read again
    private boolean written(Taken event, int attempt) {
        try {
            producer.beginTransaction();
            send(event);
            producer.commitTransaction();
            return true;
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw new TakenOver(source, "it began later", e);
        } catch (KafkaException e) {
            if (attempt == ATTEMPTS) {
                throw new LogUnavailable("cannot write the position of " + source, e);
            }
            return false;
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the commit reports what failed
    private void send(Taken event) {
        producer.send(
                new ProducerRecord<>(topic, 0, source.getBytes(UTF_8), TakenJson.write(event)));
    }

    private void reopen() {
        producer.close(Duration.ZERO);
        try {
            producer = fencing();
            state = closingOnFailure();
        } catch (KafkaException e) {
            throw new LogUnavailable("cannot open the position of " + source, e);
        }
    }

    private Producer<byte[], byte[]> fencing() {
        Producer<byte[], byte[]> made =
                place.log()
                        .transactionalProducer(
                                "leat-extractor",
                                place.names()
                                        .transactionalId(
                                                "extractor", Hash128.of(source).toString()),
                                Map.of());
        try {
            made.initTransactions();
            return made;
        } catch (KafkaException e) {
            made.close(Duration.ZERO);
            throw e;
        }
    }

    private Extractions closingOnFailure() {
        try {
            return read();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    private Extractions read() {
        List<Taken> taken = new ArrayList<>();
        try (SmallTopic log = SmallTopic.open(place.log(), "leat-extractor", topic)) {
            log.readOn(records -> {
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (source.equals(new String(record.key(), UTF_8))) {
                        String where = "record " + record.offset() + " of " + topic;
                        taken.add(TakenJson.read(where, record.value()));
                    }
                }
            });
        }
        Extractions read = Extractions.EMPTY;
        for (Taken event : taken) {
            read = read.apply(event);
        }
        return read;
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }
}
