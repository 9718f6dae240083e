package leat.bench;

import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import leat.core.contract.Contract;
import leat.core.event.EventGenerator;
import leat.core.event.Names;
import leat.stream.log.LogConnection;
import leat.stream.log.LogUnavailable;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/// What every measurement is made on: a broker that nothing else uses, a contract with a generator
/// of its events, an empty folder, and how much to measure.
///
/// @param folder an empty folder on the disk that is to be measured
/// @param rounds measured rounds, after those that warm up
/// @param events events a round
/// @param metrics takes each figure as it is there
/// @param progress takes a line of text after each round of each contestant
public record Workbench(
        LogConnection log,
        Contract contract,
        EventGenerator generator,
        Path folder,
        int rounds,
        int events,
        Consumer<Metric> metrics,
        Consumer<String> progress) {

    /// Checks the numbers.
    ///
    /// @throws IllegalArgumentException when there is nothing to measure
    public Workbench {
        if (rounds < 1 || rounds > 100) {
            throw new IllegalArgumentException("rounds must be 1 to 100");
        }
        if (events < 10_000 || events > 10_000_000) {
            throw new IllegalArgumentException("events must be 10,000 to 10,000,000");
        }
    }

    /// The same for another contract.
    Workbench with(Contract other) {
        return new Workbench(log, other, generator, folder, rounds, events, metrics, progress);
    }

    /// A set of names that no other measurement of this broker uses.
    static Names names(String measurement) {
        return new Names("bench-" + measurement);
    }

    /// Makes those of the contract's topics that `wanted` names.
    void createTopics(Names names, Collection<String> wanted) {
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(
                    topics.plan(
                            TopicSpec.of(names, contract).stream()
                                    .filter(topic -> wanted.contains(topic.name()))
                                    .toList()));
        }
    }

    /// Makes all topics of the contract.
    void createTopics(Names names) {
        createTopics(names, TopicSpec.of(names, contract).stream().map(TopicSpec::name).toList());
    }

    /// Removes topics that a round has filled.
    void deleteTopics(Collection<String> topics) {
        try (Admin admin = log.admin()) {
            admin.deleteTopics(topics).all().get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot delete topics", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    List<TopicPartition> partitions(String topic) {
        return java.util.stream.IntStream.range(0, contract.log().partitions())
                .mapToObj(partition -> new TopicPartition(topic, partition))
                .toList();
    }

    /// The offset behind the last record of each partition.
    Map<TopicPartition, Long> ends(String topic) {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        partitions(topic).forEach(partition -> latest.put(partition, OffsetSpec.latest()));
        Map<TopicPartition, Long> ends = new HashMap<>();
        try (Admin admin = log.admin()) {
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                    admin.listOffsets(latest).all().get().entrySet()) {
                ends.put(end.getKey(), end.getValue().offset());
            }
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot list offsets", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        return ends;
    }

    /// The sum of the offsets that a group has committed on a topic.
    static long committed(Admin admin, String group, String topic) {
        try {
            long sum = 0;
            for (Map.Entry<TopicPartition, OffsetAndMetadata> offset :
                    admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get()
                            .entrySet()) {
                if (offset.getKey().topic().equals(topic) && offset.getValue() != null) {
                    sum += offset.getValue().offset();
                }
            }
            return sum;
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot read the offsets of " + group, e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
