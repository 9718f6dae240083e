package leat.system;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.TopicPartition;

/// The transactions that a broker holds open, for a failure's message: what is behind one is seen
/// by nobody, and so is pending for ever.
final class OpenTransactions {

    private static final Map<String, String> IMPATIENT =
            Map.of("request.timeout.ms", "5000", "default.api.timeout.ms", "10000");
    private static final List<TransactionState> ENDED =
            List.of(
                    TransactionState.EMPTY,
                    TransactionState.COMPLETE_COMMIT,
                    TransactionState.COMPLETE_ABORT);

    private OpenTransactions() {}

    /// A line each, first the coordinator's view, then the partitions'; never fails.
    static String lines(String bootstrapServers) {
        List<String> lines = new ArrayList<>();
        try (Admin admin = new LogConnection(bootstrapServers, IMPATIENT).admin()) {
            for (TransactionListing transaction : admin.listTransactions().all().get()) {
                if (!ENDED.contains(transaction.state())) {
                    lines.add(transaction.toString());
                }
            }
            admin.describeProducers(partitions(admin))
                    .all()
                    .get()
                    .forEach((partition, state) -> {
                        for (ProducerState producer : state.activeProducers()) {
                            if (producer.currentTransactionStartOffset().isPresent()) {
                                lines.add(partition + ": " + producer);
                            }
                        }
                    });
        } catch (ExecutionException e) {
            lines.add("the broker does not tell: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            lines.add("interrupted while asking the broker");
        }
        return lines.isEmpty() ? "none" : String.join("\n", lines);
    }

    private static Collection<TopicPartition> partitions(Admin admin)
            throws ExecutionException, InterruptedException {
        Collection<TopicDescription> topics =
                admin.describeTopics(admin.listTopics().names().get())
                        .allTopicNames()
                        .get()
                        .values();
        return topics.stream()
                .flatMap(topic ->
                        IntStream.range(0, topic.partitions().size())
                                .mapToObj(p -> new TopicPartition(topic.name(), p)))
                .toList();
    }
}
