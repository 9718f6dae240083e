package leat.stream.monitor;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import leat.core.quality.Input;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/// Finds out from positions alone how far the sources have been counted, so that windows close
/// without events too. What it finds becomes an input of the judging: the clock is read once, into
/// the log, and never while judging.
final class Passing {

    private final Admin admin;
    private final String enricherGroup;
    private final String monitorGroup;
    private final List<Watched> watched;
    private final Duration grace;
    private final InstantSource clock;
    private final Map<TopicPartition, PassingClaim> claims = new HashMap<>();

    /// @param grace by how much the brokers' clocks may be behind this one
    Passing(
            Admin admin,
            Groups groups,
            List<Watched> watched,
            Duration grace,
            InstantSource clock) {
        this.admin = admin;
        this.enricherGroup = groups.enricher();
        this.monitorGroup = groups.monitor();
        this.watched = watched;
        this.grace = grace;
        this.clock = clock;
    }

    /// Whose positions are read.
    record Groups(String enricher, String monitor) {}

    /// Looks once, and says what has been shown since the last look.
    ///
    /// @throws LogUnavailable when Kafka does not answer
    List<InputJson> look() {
        List<Watched.Source> sources =
                watched.stream().flatMap(one -> one.sources().stream()).toList();
        List<TopicPartition> own = sources.stream().map(Watched.Source::partition).toList();
        List<TopicPartition> raw =
                sources.stream().flatMap(source -> source.raw().stream()).distinct().toList();
        Map<TopicPartition, Long> rawBegins = offsets(raw, OffsetSpec.earliest());
        Map<TopicPartition, Long> begins = offsets(own, OffsetSpec.earliest());
        Map<TopicPartition, Long> enricher = committed(enricherGroup);
        Map<TopicPartition, Long> ends = offsets(own, OffsetSpec.latest());
        Map<TopicPartition, Long> monitor = committed(monitorGroup);
        long now = clock.millis() - grace.toMillis();
        Map<TopicPartition, Long> rawEnds = offsets(raw, OffsetSpec.latest());
        Map<TopicPartition, PassingClaim.Look> looks = new HashMap<>();
        for (Watched.Source source : sources) {
            TopicPartition partition = source.partition();
            looks.put(
                    partition,
                    new PassingClaim.Look(
                            source.raw()
                                    .map(from -> Math.max(at(enricher, from), at(rawBegins, from)))
                                    .orElse(0L),
                            at(ends, partition),
                            Math.max(at(monitor, partition), at(begins, partition)),
                            now,
                            source.raw().map(from -> at(rawEnds, from)).orElse(0L)));
        }
        return shown(looks);
    }

    private List<InputJson> shown(Map<TopicPartition, PassingClaim.Look> looks) {
        List<InputJson> inputs = new ArrayList<>();
        for (Watched one : watched) {
            Map<Long, List<String>> passed = new TreeMap<>();
            for (Watched.Source source : one.sources()) {
                PassingClaim.Look look =
                        java.util.Objects.requireNonNull(looks.get(source.partition()));
                PassingClaim before = claims.get(source.partition());
                PassingClaim claim = before == null ? PassingClaim.of(look) : before.after(look);
                if (claim.shown(look)) {
                    passed.computeIfAbsent(claim.atMillis(), _ -> new ArrayList<>())
                            .add(source.id());
                    claim = PassingClaim.of(look);
                }
                claims.put(source.partition(), claim);
            }
            passed.forEach((through, sources) ->
                    inputs.add(new InputJson(one.name(), new Input.Passed(sources, through))));
        }
        return inputs;
    }

    private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return offsets.getOrDefault(partition, 0L);
    }

    private Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, spec));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        await(admin.listOffsets(wanted).all())
                .forEach((partition, at) -> offsets.put(partition, at.offset()));
        return offsets;
    }

    private Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> committed = new HashMap<>();
        try {
            Map<TopicPartition, OffsetAndMetadata> offsets =
                    admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
            offsets.forEach((partition, at) ->
                    java.util.Optional.ofNullable(at)
                            .ifPresent(position -> committed.put(partition, position.offset())));
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof GroupIdNotFoundException)) {
                throw new LogUnavailable("cannot read the positions of " + group, e.getCause());
            }
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
        return committed;
    }

    private static <T> T await(KafkaFuture<T> request) {
        try {
            return request.get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot look up positions", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }
}
