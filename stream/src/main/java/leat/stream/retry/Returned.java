package leat.stream.retry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.stream.inspect.DeadLetter;
import leat.stream.inspect.TopicScan;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// Which dead letters of a contract have come back: the memory that is written in one transaction
/// with what comes back, so that no letter does twice.
final class Returned {

    /// How many are looked at for one command.
    static final int MAX_REMEMBERED = 2_000_000;

    private final Set<Hash128> letters = new HashSet<>();

    /// Reads what is committed. A letter comes back after it was written, so what is older than the
    /// letters in question says nothing of them.
    ///
    /// @throws RetryRefused when that is more than [#MAX_REMEMBERED]
    static Returned since(LogConnection log, Names names, Contract contract, Instant time) {
        Returned returned = new Returned();
        try (TopicScan scan = new TopicScan(log, List.of(names.retries(contract)))) {
            Map<TopicPartition, Long> ends = scan.ends();
            scan.read(
                    scan.firstAt(time, ends),
                    ends,
                    record -> {
                        if (record.key() != null) {
                            returned.add(new String(record.key(), UTF_8));
                        }
                    });
        }
        return returned;
    }

    private void add(String deadId) {
        letters.add(hash(deadId));
        if (letters.size() > MAX_REMEMBERED) {
            throw new RetryRefused(
                    "more than " + MAX_REMEMBERED + " dead letters have come back since then",
                    "take fewer at once: --since and --until");
        }
    }

    boolean contains(DeadLetter letter) {
        return letters.contains(hash(letter.id()));
    }

    /// Remembers a letter from now on.
    void add(DeadLetter letter) {
        add(letter.id());
    }

    /// The record that remembers a letter.
    static ProducerRecord<byte[], byte[]> memory(String topic, DeadLetter letter) {
        return new ProducerRecord<>(
                topic,
                letter.id().getBytes(UTF_8),
                Integer.toString(letter.attempt() + 1).getBytes(UTF_8));
    }

    /// Ids of Leat's are hashes; foreign ones become some.
    private static Hash128 hash(String deadId) {
        return Hash128.of(deadId);
    }
}
