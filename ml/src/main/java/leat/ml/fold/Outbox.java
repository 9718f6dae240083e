package leat.ml.fold;

import java.util.Iterator;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/// Where the records of a transaction go. For one thread.
public final class Outbox {

    private final Producer<byte[], byte[]> producer;
    private final String stateTopic;
    private @Nullable Future<RecordMetadata> last;

    Outbox(Producer<byte[], byte[]> producer, String stateTopic) {
        this.producer = producer;
        this.stateTopic = stateTopic;
    }

    /// Where records are that follow each other without a gap.
    public record Offsets(long first, long last) {}

    public void send(ProducerRecord<byte[], byte[]> record) {
        Future<RecordMetadata> sent = producer.send(record);
        if (record.topic().equals(stateTopic)) {
            last = sent;
        }
    }

    /// Sends records and waits until they are there. Only as many of them as the producer's buffer
    /// takes are in memory.
    ///
    /// @param records at least one, all for the same topic
    /// @throws KafkaException when they do not follow each other there
    public Offsets sendAll(Iterator<ProducerRecord<byte[], byte[]>> records) {
        ProducerRecord<byte[], byte[]> record = records.next();
        String topic = record.topic();
        Future<RecordMetadata> first = producer.send(record);
        Future<RecordMetadata> end = first;
        long count = 1;
        while (records.hasNext()) {
            end = producer.send(records.next());
            count++;
        }
        producer.flush();
        Offsets offsets = new Offsets(offset(first), offset(end));
        if (offsets.last() - offsets.first() != count - 1) {
            throw new KafkaException("another writer has written to " + topic + " in between");
        }
        return offsets;
    }

    /// The offset of the last record of the state's topic, once it is there.
    long lastOffset() {
        Future<RecordMetadata> sent = last;
        if (sent == null) {
            throw new IllegalArgumentException("no record was sent to " + stateTopic);
        }
        producer.flush();
        return offset(sent);
    }

    private static long offset(Future<RecordMetadata> sent) {
        try {
            return sent.get().offset();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException kafka
                    ? kafka
                    : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }
}
