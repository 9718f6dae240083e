package leat.ml.featurestore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.failpoint.FailPoint;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Utils;

/// Removes a version of a view that nothing needs any more: from the log and from a disk. First it
/// is registered as dropped, so that no process starts it again, then all that it has is deleted.
/// Each step may be repeated.
public record FeatureDrop(LogConnection log, Names names) {

    /// What there is of a version.
    ///
    /// @param version `NAME.vN`
    /// @param dropped since when it is registered as dropped
    /// @param served whether it is known to have served
    /// @param topics with their sizes in bytes, all replicas together
    /// @param groups consumer groups of its own
    /// @param readers groups of running processes that read one of the topics
    public record Plan(
            String version,
            Optional<Instant> dropped,
            boolean served,
            Map<String, Long> topics,
            List<String> groups,
            List<String> readers) {

        public Plan {
            topics = new TreeMap<>(topics);
            groups = List.copyOf(groups);
            readers = List.copyOf(readers);
        }
    }

    /// Tells how far another place has the records of a topic.
    @FunctionalInterface
    public interface Copy {

        /// The first offset that it does not have; empty where it has none.
        OptionalLong next(TopicId topic, int partition);
    }

    /// What would be deleted.
    ///
    /// @param version `NAME.vN`
    /// @throws ViewRefused when it is not known, or is needed
    /// @throws LogUnavailable when Kafka does not answer
    public Plan plan(String version) {
        RegisteredViews registered = new FeatureRegistry(log, names).read();
        RegisteredView known = DroppedUse.demandUnused(version, registered);
        try (Admin admin = log.admin()) {
            Map<String, Long> topics = topics(version, admin);
            Groups groups = groups(version, topics.keySet(), admin);
            return new Plan(
                    version,
                    known.dropped(),
                    DroppedUse.hasServed(version, registered),
                    topics,
                    groups.own(),
                    groups.readers());
        }
    }

    /// Whether all vectors of the version that can be read in the log are in another place too.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    public boolean isCopied(String version, Copy copy) {
        String topic = names.ofView(version).getFirst();
        try (Admin admin = log.admin()) {
            TopicId id = new Topics(admin, 1).ids(List.of(topic)).get(topic);
            if (id == null) {
                return true;
            }
            ViewPositions positions = new ViewPositions(admin, names);
            Map<Integer, Long> begins = positions.begins(topic);
            SourceGaps rest = new SourceGaps(log, topic);
            return positions.ends(topic).entrySet().stream()
                    .allMatch(end -> {
                        long begin = begins.getOrDefault(end.getKey(), 0L);
                        long from = Math.max(begin, copy.next(id, end.getKey()).orElse(begin));
                        return from >= end.getValue()
                                || rest.isEmpty(end.getKey(), from, end.getValue());
                    });
        }
    }

    /// Registers that it is dropped: no process starts it from now on.
    ///
    /// @throws ViewRefused when it is needed by now, or computed
    /// @throws LogUnavailable when Kafka does not do it
    public void register(Plan plan) {
        String application = application(plan.version());
        if (plan.readers().contains(application)) {
            throw new ViewRefused(
                    "the version " + plan.version() + " is computed by a running process",
                    "stop the processes with the role features and a workspace that has it");
        }
        new FeatureRegistry(log, names).drop(plan.version());
        FailPoint.reach("features-drop.after-register");
    }

    /// Deletes topics and groups. What is gone already is passed over.
    ///
    /// @throws ViewRefused when a running process still reads one of the topics
    /// @throws LogUnavailable when Kafka does not do it
    public void delete(Plan plan) {
        if (!plan.readers().isEmpty()) {
            throw new ViewRefused(
                    "the version "
                            + plan.version()
                            + " is registered as dropped, and nothing is deleted yet: running"
                            + " processes read its topics, as the groups "
                            + String.join(", ", plan.readers()),
                    "start these processes again, which leave it out then, and repeat the command");
        }
        try (Admin admin = log.admin()) {
            admin.deleteConsumerGroups(plan.groups())
                    .deletedGroups()
                    .forEach((group, deleted) ->
                            gone(deleted, group, GroupIdNotFoundException.class));
            FailPoint.reach("features-drop.after-groups");
            admin.deleteTopics(plan.topics().keySet())
                    .topicNameValues()
                    .forEach((topic, deleted) ->
                            gone(deleted, topic, UnknownTopicOrPartitionException.class));
        }
        FailPoint.reach("features-drop.after-topics");
    }

    /// The folders with state of the version, of all instances that keep theirs here.
    ///
    /// @param folder as in [FeatureStore.Place]
    public List<Path> states(Path folder, String version) {
        Path instances = folder.resolve(FeatureFlow.ROLE);
        if (!Files.isDirectory(instances)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(instances)) {
            return found.map(instance -> instance.resolve(application(version)))
                    .filter(Files::isDirectory)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + instances, e);
        }
    }

    /// Removes such folders.
    public void deleteStates(List<Path> states) {
        for (Path state : states) {
            try {
                Utils.delete(state.toFile());
            } catch (IOException e) {
                throw new UncheckedIOException("cannot remove " + state, e);
            }
        }
        FailPoint.reach("features-drop.after-folders");
    }

    private String application(String version) {
        return names.group(FeatureFlow.ROLE + "." + version);
    }

    /// Its own ones, and those that Kafka Streams made for it.
    private Map<String, Long> topics(String version, Admin admin) {
        Set<String> wanted = new HashSet<>(names.ofView(version));
        Set<String> found = new TreeSet<>();
        for (String topic : await(admin.listTopics().names(), "topics")) {
            if (wanted.contains(topic) || topic.startsWith(application(version) + "-")) {
                found.add(topic);
            }
        }
        Map<String, Long> sizes = new TreeMap<>();
        found.forEach(topic -> sizes.put(topic, 0L));
        List<Integer> brokers =
                await(admin.describeCluster().nodes(), "brokers").stream().map(Node::id).toList();
        await(admin.describeLogDirs(brokers).allDescriptions(), "sizes of topics")
                .values()
                .forEach(folders ->
                        folders.values()
                                .forEach(folder ->
                                        folder.replicaInfos()
                                                .forEach((partition, replica) ->
                                                        sizes.computeIfPresent(
                                                                partition.topic(),
                                                                (_, size) ->
                                                                        size + replica.size()))));
        return sizes;
    }

    private record Groups(List<String> own, List<String> readers) {}

    private Groups groups(String version, Set<String> topics, Admin admin) {
        Set<String> own =
                Set.of(
                        application(version),
                        names.group("lake-vectors." + version),
                        names.group("features-online." + version));
        List<String> all =
                await(admin.listGroups().all(), "groups").stream()
                        .map(GroupListing::groupId)
                        .filter(group -> group.startsWith(names.group("")))
                        .sorted()
                        .toList();
        List<String> readers = new ArrayList<>();
        admin.describeConsumerGroups(all)
                .describedGroups()
                .forEach((group, described) -> {
                    Optional<ConsumerGroupDescription> found = described(described, group);
                    if (found.filter(it -> reads(it, own.contains(group), topics)).isPresent()) {
                        readers.add(group);
                    }
                });
        readers.sort(null);
        return new Groups(all.stream().filter(own::contains).toList(), readers);
    }

    private static boolean reads(
            ConsumerGroupDescription group, boolean own, Collection<String> topics) {
        return group.members().stream()
                .anyMatch(member ->
                        own
                                || member.assignment().topicPartitions().stream()
                                        .map(TopicPartition::topic)
                                        .anyMatch(topics::contains));
    }

    /// Empty where it went meanwhile, or is no consumers'.
    private static Optional<ConsumerGroupDescription> described(
            KafkaFuture<ConsumerGroupDescription> description, String group) {
        try {
            return Optional.of(description.get());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Optional.empty();
            }
            throw new LogUnavailable("cannot see who is in group " + group, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static void gone(
            KafkaFuture<Void> deleted, String name, Class<? extends Exception> whereGone) {
        try {
            deleted.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupNotEmptyException) {
                throw new ViewRefused(
                        "a running process has joined the group " + name,
                        "stop it, and repeat the command");
            }
            if (!whereGone.isInstance(e.getCause())) {
                throw new LogUnavailable("cannot delete " + name, e.getCause());
            }
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private static <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot list the " + what, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
