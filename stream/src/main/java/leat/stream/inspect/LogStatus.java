package leat.stream.inspect;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.Names.DeadStage;
import leat.core.event.TopicId;
import leat.stream.inspect.LogSample.TopicSample;
import leat.stream.log.Counts;
import leat.stream.log.EventTimes;
import leat.stream.log.LogUnavailable;
import leat.stream.log.PositionMark;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/// How far each stage has come, told from the positions that Kafka and the lake's tables keep; so
/// it works from outside, and wherever the stages run. Rates need two samples.
public final class LogStatus {

    private final Admin admin;
    private final Topics topics;
    private final Names names;
    private final LakePosition lake;
    private final Clock clock;

    /// Where the lake stands.
    @FunctionalInterface
    public interface LakePosition {

        /// Says nothing of any table.
        LakePosition UNKNOWN = (_, _) -> Optional.empty();

        /// The positions in the enriched topic that the contract's table holds; empty when there is
        /// no table.
        Optional<Map<Integer, Long>> of(Contract contract, TopicId enriched);
    }

    /// @param admin stays the caller's
    public LogStatus(Admin admin, Names names, LakePosition lake, Clock clock) {
        this.admin = admin;
        this.topics = new Topics(admin, 1);
        this.names = names;
        this.lake = lake;
        this.clock = clock;
    }

    /// Notes where everything stands.
    public LogSample sample(List<Contract> contracts) {
        Instant now = clock.instant();
        TreeSet<String> wanted = new TreeSet<>();
        TreeSet<String> groups = new TreeSet<>();
        for (Contract contract : contracts) {
            wanted.add(names.raw(contract));
            wanted.add(names.enriched(contract));
            for (DeadStage stage : DeadStage.values()) {
                wanted.add(names.dead(contract, stage));
            }
            groups.add(enricherGroup());
            groups.add(searchGroup(contract));
        }
        Map<String, TopicSample> samples = topicSamples(topics.partitionCounts(wanted));
        Map<String, Map<String, Map<Integer, Long>>> positions = new HashMap<>();
        Map<String, TopicId> ids = topics.ids(wanted);
        Map<String, Counts> counts = new HashMap<>();
        Map<String, List<EventTimes>> times = new HashMap<>();
        for (String group : groups) {
            Map<TopicPartition, OffsetAndMetadata> committed = committed(group);
            positions.put(group, positions(committed));
            if (group.equals(enricherGroup())) {
                List<Counted> counted = counted(committed, ids);
                counted.forEach(one -> counts.merge(one.topic(), one.counts(), Counts::plus));
                counted.stream()
                        .filter(one -> one.counts().times().timed() > 0)
                        .forEach(one ->
                                times.computeIfAbsent(one.topic(), _ -> new ArrayList<>())
                                        .add(one.counts().times()));
            }
        }
        for (Contract contract : contracts) {
            String enriched = names.enriched(contract);
            Optional.ofNullable(ids.get(enriched))
                    .flatMap(id -> lake.of(contract, id))
                    .ifPresent(
                            table -> positions.put(lakeGroup(contract), Map.of(enriched, table)));
        }
        return new LogSample(now, samples, positions, counts, times);
    }

    /// What two samples say of each contract.
    public List<ContractStatus> status(List<Contract> contracts, LogSample before, LogSample now) {
        return contracts.stream().map(contract -> status(contract, before, now)).toList();
    }

    private ContractStatus status(Contract contract, LogSample before, LogSample now) {
        String raw = names.raw(contract);
        String enriched = names.enriched(contract);
        List<String> missing = new ArrayList<>();
        for (String topic : List.of(raw, enriched)) {
            if (!now.topics().containsKey(topic)) {
                missing.add(topic);
            }
        }
        Reading reading = new Reading(contract, before, now);
        return new ContractStatus(
                contract.nameAndMajor(),
                List.of(
                        reading.collector(raw),
                        reading.stage(DeadStage.ENRICHER, enricherGroup(), raw, enriched),
                        reading.stage(DeadStage.SEARCH, searchGroup(contract), enriched, enriched),
                        reading.stage(DeadStage.LAKE, lakeGroup(contract), enriched, enriched)),
                EventTimeStatus.of(now.times().getOrDefault(raw, List.of())),
                missing);
    }

    /// The two samples, read for one contract.
    private final class Reading {
        private final Contract contract;
        private final LogSample before;
        private final LogSample now;
        private final double seconds;

        Reading(Contract contract, LogSample before, LogSample now) {
            this.contract = contract;
            this.before = before;
            this.now = now;
            this.seconds = Duration.between(before.time(), now.time()).toNanos() / 1e9;
        }

        StageStatus collector(String raw) {
            TopicSample sample = now.topics().get(raw);
            TopicSample earlier = before.topics().get(raw);
            long moved =
                    sample == null || earlier == null
                            ? 0
                            : moved(earlier.ends(), sample.ends(), Map.of());
            return new StageStatus(
                    DeadStage.COLLECTOR.word(),
                    sample != null,
                    perSecond(moved),
                    0,
                    written(DeadStage.COLLECTOR),
                    Optional.empty(),
                    newest(raw).map(this::age));
        }

        /// @param input what it reads
        /// @param output where the newest record it has processed can be seen, when it lags
        StageStatus stage(DeadStage stage, String group, String input, String output) {
            Map<Integer, Long> positions = now.positions(group, input);
            long lag = now.lag(input, positions);
            boolean writes = !input.equals(output);
            Optional<Instant> newest =
                    lag == 0 ? newest(input) : writes ? newest(output) : Optional.empty();
            TopicSample sample = now.topics().get(input);
            Map<Integer, Long> begins = sample == null ? Map.of() : sample.begins();
            Optional<Counts> counts =
                    positions.isEmpty()
                            ? Optional.of(Counts.NONE)
                            : Optional.ofNullable(now.counts().get(input));
            boolean counting = stage == DeadStage.ENRICHER;
            return new StageStatus(
                    stage.word(),
                    !positions.isEmpty(),
                    perSecond(moved(before.positions(group, input), positions, begins)),
                    lag,
                    counting ? counts.map(Counts::dead) : written(stage),
                    counting ? counts.map(Counts::duplicates) : Optional.empty(),
                    positions.isEmpty() ? Optional.empty() : newest.map(this::age));
        }

        /// The dead letters of a stage that does not write them in transactions.
        private Optional<Long> written(DeadStage stage) {
            TopicSample sample = now.topics().get(names.dead(contract, stage));
            return Optional.of(sample == null ? 0 : sample.written());
        }

        private Optional<Instant> newest(String topic) {
            return Optional.ofNullable(now.topics().get(topic)).flatMap(TopicSample::newest);
        }

        private Duration age(Instant newest) {
            Duration age = Duration.between(newest, now.time());
            return age.isNegative() ? Duration.ZERO : age;
        }

        private double perSecond(long moved) {
            return seconds <= 0 ? 0 : Math.max(0, moved) / seconds;
        }

        private static long moved(
                Map<Integer, Long> from, Map<Integer, Long> to, Map<Integer, Long> begins) {
            long moved = 0;
            for (Map.Entry<Integer, Long> end : to.entrySet()) {
                long begin = begins.getOrDefault(end.getKey(), 0L);
                moved += end.getValue() - from.getOrDefault(end.getKey(), begin);
            }
            return moved;
        }
    }

    private String enricherGroup() {
        return names.group("enricher");
    }

    private String searchGroup(Contract contract) {
        return names.group("search." + contract.nameAndMajor());
    }

    /// The name under which a sample keeps the table's positions, which are no group's.
    private String lakeGroup(Contract contract) {
        return names.group("lake." + contract.nameAndMajor());
    }

    private Map<String, TopicSample> topicSamples(Map<String, Integer> counts) {
        Map<TopicPartition, OffsetSpec> first = new HashMap<>();
        Map<TopicPartition, OffsetSpec> last = new HashMap<>();
        Map<TopicPartition, OffsetSpec> newest = new HashMap<>();
        counts.forEach((topic, partitions) -> {
            for (int partition = 0; partition < partitions; partition++) {
                TopicPartition one = new TopicPartition(topic, partition);
                first.put(one, OffsetSpec.earliest());
                last.put(one, OffsetSpec.latest());
                newest.put(one, OffsetSpec.maxTimestamp());
            }
        });
        Map<String, Map<Integer, Long>> begins = offsets(first);
        Map<String, Map<Integer, Long>> ends = offsets(last);
        Map<String, Instant> times = new HashMap<>();
        await(() -> admin.listOffsets(newest).all())
                .forEach((partition, at) -> {
                    if (at.timestamp() >= 0) {
                        times.merge(
                                partition.topic(),
                                Instant.ofEpochMilli(at.timestamp()),
                                (a, b) -> a.isAfter(b) ? a : b);
                    }
                });
        Map<String, TopicSample> samples = new HashMap<>();
        counts.keySet()
                .forEach(topic ->
                        samples.put(
                                topic,
                                new TopicSample(
                                        begins.getOrDefault(topic, Map.of()),
                                        ends.getOrDefault(topic, Map.of()),
                                        Optional.ofNullable(times.get(topic)))));
        return samples;
    }

    private Map<String, Map<Integer, Long>> offsets(Map<TopicPartition, OffsetSpec> wanted) {
        Map<String, Map<Integer, Long>> offsets = new HashMap<>();
        Map<TopicPartition, ListOffsetsResultInfo> found =
                await(() -> admin.listOffsets(wanted).all());
        found.forEach((partition, at) ->
                offsets.computeIfAbsent(partition.topic(), _ -> new HashMap<>())
                        .put(partition.partition(), at.offset()));
        return offsets;
    }

    private Map<TopicPartition, OffsetAndMetadata> committed(String group) {
        Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            // Kafka gives null for a partition without a position.
            offsets.forEach((partition, offset) ->
                    Optional.ofNullable(offset).ifPresent(at -> committed.put(partition, at)));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw new LogUnavailable("cannot read the positions of " + group, e.getCause());
            }
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        return committed;
    }

    private static Map<String, Map<Integer, Long>> positions(
            Map<TopicPartition, OffsetAndMetadata> committed) {
        Map<String, Map<Integer, Long>> positions = new HashMap<>();
        committed.forEach((partition, at) ->
                positions
                        .computeIfAbsent(partition.topic(), _ -> new HashMap<>())
                        .put(partition.partition(), at.offset()));
        return positions;
    }

    /// What was counted of a partition.
    private record Counted(String topic, Counts counts) {}

    /// What was counted of a topic that was since made again does not count.
    private static List<Counted> counted(
            Map<TopicPartition, OffsetAndMetadata> committed, Map<String, TopicId> ids) {
        List<Counted> counted = new ArrayList<>();
        committed.forEach((partition, at) ->
                PositionMark.parse(at.metadata())
                        .filter(mark -> mark.topicId().equals(ids.get(partition.topic())))
                        .flatMap(PositionMark::counts)
                        .ifPresent(counts -> counted.add(new Counted(partition.topic(), counts))));
        return counted;
    }

    private static <T> T await(Supplier<KafkaFuture<T>> request) {
        try {
            return request.get().get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("Kafka refused a request", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
