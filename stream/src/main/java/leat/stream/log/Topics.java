package leat.stream.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import leat.core.event.TopicId;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// Topics planned, made and looked up.
public final class Topics {

    private static final Duration READY_TIMEOUT = Duration.ofMinutes(2);
    private static final Duration READY_INTERVAL = Duration.ofMillis(20);
    private static final Duration RETRY_INTERVAL = Duration.ofMillis(100);

    private final Admin admin;
    private final short replicationFactor;

    public Topics(Admin admin, int replicationFactor) {
        this.admin = admin;
        this.replicationFactor = (short) replicationFactor;
    }

    /// What [#apply] would do, one change a wanted topic.
    public List<TopicChange> plan(Collection<TopicSpec> wanted) {
        Map<String, TopicDescription> found =
                describe(wanted.stream().map(TopicSpec::name).toList());
        Map<String, Config> configs = configs(found.keySet());
        List<TopicChange> changes = new ArrayList<>();
        for (TopicSpec spec : wanted) {
            TopicDescription description = found.get(spec.name());
            changes.add(
                    description == null
                            ? new TopicChange.Create(spec)
                            : compare(
                                    spec,
                                    description,
                                    configs.getOrDefault(spec.name(), new Config(List.of()))));
        }
        return changes;
    }

    /// Makes the topics that the plan creates, and returns when each of their partitions can be
    /// written: an idempotent producer that sends earlier can lose its first batch (KAFKA-15591).
    public void apply(Collection<TopicChange> plan) {
        List<TopicSpec> missing =
                plan.stream()
                        .filter(TopicChange.Create.class::isInstance)
                        .map(change -> ((TopicChange.Create) change).spec())
                        .toList();
        if (missing.isEmpty()) {
            return;
        }
        List<NewTopic> topics =
                missing.stream()
                        .map(spec ->
                                new NewTopic(spec.name(), spec.partitions(), replicationFactor)
                                        .configs(spec.config()))
                        .toList();
        Map<String, KafkaFuture<Void>> creations = admin.createTopics(topics).values();
        for (NewTopic topic : topics) {
            finish(
                    Objects.requireNonNull(creations.get(topic.name())),
                    () ->
                            Objects.requireNonNull(
                                    admin.createTopics(List.of(topic)).values().get(topic.name())));
        }
        awaitWritable(missing);
    }

    /// The ids of those topics that exist.
    public Map<String, TopicId> ids(Collection<String> names) {
        Map<String, TopicId> ids = new HashMap<>();
        describe(names)
                .forEach((name, description) ->
                        ids.put(name, new TopicId(description.topicId().toString())));
        return ids;
    }

    /// How many partitions those topics have that exist.
    public Map<String, Integer> partitionCounts(Collection<String> names) {
        Map<String, Integer> counts = new HashMap<>();
        describe(names)
                .forEach((name, description) -> counts.put(name, description.partitions().size()));
        return counts;
    }

    private TopicChange compare(TopicSpec spec, TopicDescription actual, Config config) {
        List<String> differences = new ArrayList<>();
        boolean otherPartitions = actual.partitions().size() != spec.partitions();
        if (otherPartitions) {
            differences.add(
                    "it has "
                            + actual.partitions().size()
                            + " partitions, the contract wants "
                            + spec.partitions());
        }
        new TreeMap<>(spec.config())
                .forEach((key, wanted) -> {
                    String value =
                            Optional.ofNullable(config.get(key))
                                    .map(ConfigEntry::value)
                                    .orElse("unset");
                    if (!wanted.equals(value)) {
                        differences.add(key + " is " + value + ", the contract wants " + wanted);
                    }
                });
        if (differences.isEmpty()) {
            return new TopicChange.Keep(spec.name());
        }
        String remedy =
                otherPartitions
                        ? "partitions are fixed at creation: set leat.partitions back, or raise the"
                                + " contract's major version"
                        : "change the topic with kafka-configs --alter, or the contract";
        return new TopicChange.Differs(spec.name(), differences, remedy);
    }

    private Map<String, TopicDescription> describe(Collection<String> names) {
        Map<String, TopicDescription> found = new HashMap<>();
        admin.describeTopics(names)
                .topicNameValues()
                .forEach((name, future) -> lookUp(future).ifPresent(d -> found.put(name, d)));
        return found;
    }

    private Map<String, Config> configs(Collection<String> names) {
        List<ConfigResource> resources =
                names.stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList();
        Map<String, Config> byName = new HashMap<>();
        await(admin.describeConfigs(resources).all())
                .forEach((resource, config) -> byName.put(resource.name(), config));
        return byName;
    }

    private void awaitWritable(List<TopicSpec> topics) {
        Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
        for (TopicSpec topic : topics) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                partitions.put(new TopicPartition(topic.name(), partition), OffsetSpec.latest());
            }
        }
        long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
        while (true) {
            try {
                admin.listOffsets(partitions).all().get();
                return;
            } catch (ExecutionException e) {
                boolean passing = e.getCause() instanceof RetriableException;
                if (!passing || System.nanoTime() > deadline) {
                    throw new LogUnavailable("new topics did not become writable", e.getCause());
                }
                // The broker needs the processor for what it is asked for.
                LockSupport.parkNanos(READY_INTERVAL.toNanos());
            } catch (InterruptedException e) {
                throw LogUnavailable.interrupted(e);
            }
        }
    }

    private static <T> Optional<T> lookUp(KafkaFuture<T> future) {
        try {
            return Optional.of(future.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return Optional.empty();
            }
            throw new LogUnavailable("cannot describe a topic", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    /// Waits until a topic is made. Brokers that were out of breath are fenced, and take no topic,
    /// until they are heard of again: then it is tried again.
    static void finish(KafkaFuture<Void> creation, Supplier<KafkaFuture<Void>> again) {
        long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
        KafkaFuture<Void> tried = creation;
        while (isFenced(tried, deadline)) {
            LockSupport.parkNanos(RETRY_INTERVAL.toNanos());
            tried = again.get();
        }
    }

    /// Whether brokers are fenced, which may pass; any other failure is thrown.
    private static boolean isFenced(KafkaFuture<Void> creation, long deadline) {
        try {
            creation.get();
            return false;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            if (e.getCause() instanceof InvalidReplicationFactorException fenced
                    && String.valueOf(fenced.getMessage()).contains("fenced")
                    && System.nanoTime() < deadline) {
                return true;
            }
            throw new LogUnavailable("cannot create a topic", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("Kafka refused a request", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
