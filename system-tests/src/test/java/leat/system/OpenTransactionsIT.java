package leat.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OpenTransactionsIT {

    @TempDir private Path folder;

    @Test
    void namesTheTransactionThatIsOpenAndTheRecordsBehindWhichItStands() throws Exception {
        try (EmbeddedKafka broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, 0))) {
            LogConnection log = new LogConnection(broker.bootstrapServers());
            try (Admin admin = log.admin();
                    Producer<byte[], byte[]> producer =
                            log.transactionalProducer("left-open", "left-open", Map.of())) {
                // Given
                Topics topics = new Topics(admin, 1);
                topics.apply(topics.plan(List.of(new TopicSpec("topic", 1, Map.of()))));
                producer.initTransactions();
                producer.beginTransaction();
                producer.send(new ProducerRecord<>("topic", 0, null, new byte[] {1})).get();

                // When
                String lines = OpenTransactions.lines(broker.bootstrapServers());

                // Then
                assertThat(lines).contains("transactionalId='left-open'").contains("topic-0: ");
            }
        }
    }

    @Test
    void saysWhenNoBrokerAnswers() {
        assertThat(OpenTransactions.lines("127.0.0.1:1")).contains("the broker does not tell");
    }
}
