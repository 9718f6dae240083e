package leat.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import leat.core.contract.Contract;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.launcher.config.Workspace;
import leat.stream.lake.LakeCatalog;
import leat.stream.lake.LakePositions;
import leat.stream.lake.LakeTables;
import leat.stream.lake.Positions;
import leat.stream.log.LogConnection;
import leat.stream.log.Topics;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/// How far each hop has come with the car events, told from outside by what it has committed.
final class Progress implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofMinutes(4);

    /// Brokers are killed and machines are busy: rather ask again than wait a minute for an answer.
    private static final Map<String, String> IMPATIENT =
            Map.of(
                    "request.timeout.ms", "3000",
                    "default.api.timeout.ms", "6000",
                    "metadata.recovery.rebootstrap.trigger.ms", "3000");

    private final Contract contract;
    private final Names names;
    private final Admin admin;
    private final LakeCatalog lake;
    private final BooleanSupplier sound;

    /// What the condition that is waited for has last met, for a failure's message.
    private String seen = "";

    /// The hops of an event.
    enum Hop {
        RAW,
        ENRICHED,
        LAKE,
        SEARCH
    }

    /// @param sound whether it makes sense to wait on
    Progress(Path folder, int portOffset, BooleanSupplier sound) {
        Workspace workspace = Workspace.open(folder);
        this.contract = workspace.contracts().find(CarLoad.CONTRACT).orElseThrow();
        this.names = workspace.names();
        LogConnection log = workspace.log(portOffset);
        this.admin = new LogConnection(log.bootstrapServers(), IMPATIENT).admin();
        this.lake = LakeCatalog.open(workspace.lakeStore(), names);
        this.sound = sound;
    }

    /// The end of what the hop reads, of each partition.
    Map<Integer, Long> ends(Hop hop) {
        return switch (hop) {
            case RAW, ENRICHED -> ends(names.raw(contract));
            case LAKE, SEARCH -> ends(names.enriched(contract));
        };
    }

    private Map<Integer, Long> ends(String topic) {
        Map<TopicPartition, OffsetSpec> wanted =
                IntStream.range(0, contract.log().partitions())
                        .mapToObj(p -> new TopicPartition(topic, p))
                        .collect(Collectors.toMap(p -> p, _ -> OffsetSpec.latest()));
        Map<Integer, Long> ends = new HashMap<>();
        await(admin.listOffsets(wanted).all())
                .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
        return ends;
    }

    private Map<Integer, Long> positions(Hop hop) {
        return switch (hop) {
            case RAW -> ends(names.raw(contract));
            case ENRICHED, SEARCH -> groupPositions(hop);
            case LAKE -> tablePositions();
        };
    }

    private Map<Integer, Long> groupPositions(Hop hop) {
        String topic = hop == Hop.ENRICHED ? names.raw(contract) : names.enriched(contract);
        Map<Integer, Long> positions = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> committed =
                await(admin.listConsumerGroupOffsets(group(hop)).partitionsToOffsetAndMetadata());
        committed.forEach((partition, position) -> {
            if (partition.topic().equals(topic)) {
                positions.put(partition.partition(), position.offset());
            }
        });
        return positions;
    }

    private Map<Integer, Long> tablePositions() {
        String topic = names.enriched(contract);
        Map<String, TopicId> ids = new Topics(admin, 1).ids(List.of(topic));
        TopicId id = Objects.requireNonNull(ids.get(topic), topic);
        Map<Integer, Long> positions = new HashMap<>();
        new LakeTables(lake)
                .enriched(contract)
                .ifPresent(table -> {
                    Positions found = LakePositions.of(table);
                    for (int p = 0; p < contract.log().partitions(); p++) {
                        positions.put(p, found.of(id, p).orElse(0));
                    }
                });
        return positions;
    }

    private String group(Hop hop) {
        return switch (hop) {
            case RAW -> throw new IllegalArgumentException("no group fills the raw topic");
            case ENRICHED -> names.group("enricher");
            case LAKE -> names.group("lake." + contract.nameAndMajor());
            case SEARCH -> names.group("search." + contract.nameAndMajor());
        };
    }

    /// Waits until the hop has committed more than `marks` in every partition.
    void awaitPast(Hop hop, Map<Integer, Long> marks) {
        await(
                hop + " past " + marks,
                () -> {
                    Map<Integer, Long> positions = positions(hop);
                    seen = positions.toString();
                    return marks.entrySet().stream()
                            .allMatch(mark ->
                                    positions.getOrDefault(mark.getKey(), 0L) > mark.getValue());
                });
    }

    /// Waits until so many processes share the hop's partitions; one may have several members in
    /// the group, each with a number behind the process's instance id.
    void awaitSharers(Hop hop, int processes) {
        await(
                processes + " sharing " + hop,
                () -> {
                    ConsumerGroupDescription group =
                            await(admin.describeConsumerGroups(List.of(group(hop))).all())
                                    .values()
                                    .iterator()
                                    .next();
                    seen = group.toString();
                    return group.groupState() == GroupState.STABLE
                            && group.members().stream().map(Progress::process).distinct().count()
                                    == processes
                            && group.members().stream()
                                    .noneMatch(m -> m.assignment().topicPartitions().isEmpty());
                });
    }

    private static String process(MemberDescription member) {
        return member.groupInstanceId()
                .map(id -> id.replaceFirst("[.][0-9]+$", ""))
                .orElse(member.consumerId());
    }

    private void await(String what, BooleanSupplier condition) {
        long limit = System.nanoTime() + LIMIT.toNanos();
        while (!holds(condition)) {
            if (!sound.getAsBoolean() || System.nanoTime() > limit) {
                throw new IllegalStateException(
                        "waited in vain for " + what + "; last seen: " + seen);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    /// What cannot be asked now, since the broker is down or a group is new, does not hold.
    private boolean holds(BooleanSupplier condition) {
        try {
            seen = "";
            return condition.getAsBoolean();
        } catch (Unanswered e) {
            seen = String.valueOf(e.getCause());
            return false;
        }
    }

    private static final class Unanswered extends RuntimeException {
        Unanswered(Throwable cause) {
            super(cause);
        }
    }

    private static <T> T await(KafkaFuture<T> future) {
        try {
            return future.get();
        } catch (ExecutionException e) {
            throw new Unanswered(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        lake.close();
    }
}
