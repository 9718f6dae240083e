package leat.stream.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.failpoint.FailPoint;
import leat.stream.inspect.DeadLetter;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/// Writes what comes back together with the memory that it did, so many letters a transaction. All
/// retries of a contract have one transactional id: who comes later ends who came before, whose
/// last transaction is either whole or nothing.
final class RetryTransactions implements AutoCloseable {

    /// Short, because readers of raw wait for an open transaction.
    private static final int MAX_LETTERS = 1_000;

    private static final long MAX_BYTES = 4 << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String contract;
    private final String memoryTopic;
    private final Producer<byte[], byte[]> producer;
    private final LongConsumer progress;
    private final List<ProducerRecord<byte[], byte[]>> waiting = new ArrayList<>();
    private int letters;
    private long bytes;
    private long done;

    private RetryTransactions(
            String contract,
            String memoryTopic,
            Producer<byte[], byte[]> producer,
            LongConsumer progress) {
        this.contract = contract;
        this.memoryTopic = memoryTopic;
        this.producer = producer;
        this.progress = progress;
    }

    /// Ends any other retry of the contract. From the return on nobody else can write to its
    /// memory.
    ///
    /// @param progress is told how many letters are back, after each transaction
    static RetryTransactions open(
            LogConnection log, Names names, Contract contract, LongConsumer progress) {
        String id = names.transactionalId("retry", contract.nameAndMajor());
        Producer<byte[], byte[]> producer =
                log.transactionalProducer(
                        id,
                        id,
                        Map.of(
                                ProducerConfig.MAX_BLOCK_MS_CONFIG,
                                PATIENCE.toMillis(),
                                ProducerConfig.BATCH_SIZE_CONFIG,
                                256 << 10));
        try {
            producer.initTransactions();
        } catch (KafkaException e) {
            producer.close(Duration.ZERO);
            throw new LogUnavailable("cannot begin to bring dead letters back", e);
        }
        return new RetryTransactions(
                contract.nameAndMajor(), names.retries(contract), producer, progress);
    }

    /// Takes a letter; it is back when the transaction that it is part of is committed.
    void add(DeadLetter letter, Fate.Returns fate) {
        waiting.add(fate.record());
        waiting.add(Returned.memory(memoryTopic, letter));
        letters++;
        bytes += fate.sizeBytes();
        if (letters >= MAX_LETTERS || bytes >= MAX_BYTES) {
            commit();
        }
    }

    /// Commits what was taken.
    void commit() {
        if (letters == 0) {
            return;
        }
        try {
            producer.beginTransaction();
            FailPoint.reach("retry.after-begin");
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (ProducerRecord<byte[], byte[]> record : waiting) {
                sent.add(producer.send(record));
            }
            producer.flush();
            for (Future<RecordMetadata> future : sent) {
                future.get();
            }
            FailPoint.reach("retry.after-send");
            producer.commitTransaction();
            FailPoint.reach("retry.after-commit");
        } catch (ExecutionException e) {
            throw failed(Objects.requireNonNullElse(e.getCause(), e));
        } catch (KafkaException e) {
            throw failed(e);
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        done += letters;
        waiting.clear();
        letters = 0;
        bytes = 0;
        progress.accept(done);
    }

    private RuntimeException failed(Throwable cause) {
        boolean fenced =
                cause instanceof ProducerFencedException
                        || cause instanceof InvalidProducerEpochException
                        || cause.getCause() instanceof ProducerFencedException
                        || cause.getCause() instanceof InvalidProducerEpochException;
        return fenced
                ? new RetryRefused(
                        "another retry of "
                                + contract
                                + " has begun and ended this one, after "
                                + done
                                + " letters",
                        "what this one brought back is back; when the other one is done, run the"
                                + " same command again")
                : new LogUnavailable(
                        "Kafka did not take all letters; "
                                + done
                                + " are back, and the same command again brings back the rest",
                        cause);
    }

    /// Leaves what is not committed undone.
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
