package leat.ml.training;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import leat.core.event.Names;
import leat.ml.registry.RegistryTopics;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/// Keeps others from training the same model meanwhile: the one partition of the models' topic
/// belongs to one member of a consumer group that reads nothing. A process that is killed loses its
/// turn after six seconds. Who loses it otherwise, by a long pause, is refused when it publishes.
final class TrainingTurn implements AutoCloseable {

    private static final String CLIENT_ID = "leat-train-turn";
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> member;

    private TrainingTurn(Consumer<byte[], byte[]> member) {
        this.member = member;
    }

    /// Takes the turn, when the one before has ended or its process is gone.
    ///
    /// @param patience for the one before to end
    /// @throws TrainingStopped when another process goes on training the model
    /// @throws LogUnavailable when Kafka does not answer
    static TrainingTurn take(LogConnection log, Names names, String model, Duration patience) {
        String group = names.group("train." + model);
        long deadline = System.nanoTime() + patience.toNanos();
        try (Admin admin = log.admin()) {
            while (hasMember(admin, group)) {
                if (System.nanoTime() > deadline) {
                    throw taken(model);
                }
                LockSupport.parkNanos(POLL.toNanos());
            }
        }
        Consumer<byte[], byte[]> member =
                log.groupConsumer(
                        CLIENT_ID,
                        group,
                        Map.of(
                                ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG,
                                Math.toIntExact(Duration.ofDays(20).toMillis())));
        try {
            TopicPartition partition = new TopicPartition(new RegistryTopics(names).models(), 0);
            member.subscribe(List.of(partition.topic()));
            while (!member.assignment().contains(partition)) {
                if (System.nanoTime() > deadline) {
                    throw taken(model);
                }
                member.poll(POLL);
            }
            return new TrainingTurn(member);
        } catch (KafkaException e) {
            member.close();
            throw new LogUnavailable("cannot join " + group, e);
        } catch (TrainingStopped e) {
            member.close();
            throw e;
        }
    }

    private static TrainingStopped taken(String model) {
        return new TrainingStopped(
                "another process trains " + model, "wait until it has ended, or end it");
    }

    private static boolean hasMember(Admin admin, String group) {
        try {
            return !Objects.requireNonNull(
                            admin.describeConsumerGroups(List.of(group))
                                    .describedGroups()
                                    .get(group))
                    .get()
                    .members()
                    .isEmpty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return false;
            }
            throw new LogUnavailable("cannot look at " + group, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    @Override
    public void close() {
        member.close();
    }
}
