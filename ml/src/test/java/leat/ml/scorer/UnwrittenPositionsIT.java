package leat.ml.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import leat.core.event.Position;
import leat.core.event.TopicId;
import leat.stream.log.KafkaLogReader;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A prediction can name any position, whoever wrote it: nobody waits for a vector that is none.
@Timeout(value = 1, unit = TimeUnit.MINUTES)
final class UnwrittenPositionsIT {

    private static final long NEVER_WRITTEN = 1_000_000;

    private final RiskLog log = new RiskLog("");
    private final KafkaLogReader reader = new KafkaLogReader(log.connection, "positions");
    private final Admin admin = log.connection.admin();
    private TopicId vectors = new TopicId("AAAAAAAAAAAAAAAAAAAAAQ");

    @BeforeEach
    void write() {
        log.write(97);
        vectors =
                Objects.requireNonNull(
                        new Topics(admin, 1).ids(List.of(log.vectors())).get(log.vectors()));
    }

    @AfterEach
    void close() {
        admin.close();
        reader.close();
        log.close();
    }

    @Test
    void whatTheLogNeverHadIsLeftOutAndTheRestIsFound() {
        Position there = new Position(vectors, 0, 3);

        Map<Position, ConsumerRecord<byte[], byte[]>> found =
                new NewestRecords(reader, admin)
                        .at(
                                log.vectors(),
                                vectors,
                                List.of(
                                        new Position(vectors, 0, NEVER_WRITTEN),
                                        new Position(vectors, 0, Long.MAX_VALUE),
                                        new Position(vectors, 0, -1),
                                        new Position(vectors, Risk.PARTITIONS, 0),
                                        new Position(vectors, -1, 0),
                                        there));

        assertThat(found).containsOnlyKeys(there);
    }

    @Test
    void aPredictionOfAVectorThatTheLogNeverHadIsNotExplained() {
        ScoredLog scored = new ScoredLog(reader, admin, log.names);

        assertThatThrownBy(
                        () -> scored.vector(log.scoring, new Position(vectors, 0, NEVER_WRITTEN)))
                .isInstanceOf(ExplanationRefused.class)
                .hasMessage("the log does not have the vector " + vectors + "/0@" + NEVER_WRITTEN);
    }
}
