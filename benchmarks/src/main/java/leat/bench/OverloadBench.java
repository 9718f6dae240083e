package leat.bench;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import leat.core.event.Hash128;
import leat.core.event.Names;
import leat.stream.log.LogUnavailable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;

/// `leat bench overload`: three times what the log takes is offered to a collector for a while.
/// What it accepts has to be in the log and soon, the rest has to be told so, memory must not grow,
/// and afterwards it has to take everything again.
public final class OverloadBench {

    private static final String ROLES = "broker, collector, HTTP client";
    private static final String BAR = "the stated bar";
    private static final int EVENTS_PER_POST = 20;
    private static final int DISTINCT_EVENTS = 50_000;
    private static final double QUOTA_BYTES_PER_SECOND = 1 << 20;
    private static final double TRIAL_POSTS_PER_SECOND = 1_000;
    private static final double OVERLOAD = 3;

    /// Three times of what `limits.in-flight-wait` is by default.
    private static final double ACCEPTED_P99_MILLIS = 3_000;

    private static final double RECOVERY_SECONDS = 5;
    private static final double RECOVERED_MILLIS = 500;
    private static final double GROWTH_MEBIBYTES = 64;
    private static final double MEBIBYTE = 1 << 20;
    private static final Duration POLL = Duration.ofMillis(200);

    private final Workbench bench;
    private final Names names;
    private final OpenLoad load;
    private final List<byte[]> events;

    /// How long each part takes.
    ///
    /// @param trial finds out what the log takes; its second half counts
    /// @param overload offers too much
    /// @param recovery offers half of what the log takes
    public record Times(Duration trial, Duration overload, Duration recovery) {

        /// A minute of overload.
        public static final Times FULL =
                new Times(Duration.ofSeconds(16), Duration.ofSeconds(60), Duration.ofSeconds(10));

        /// A look.
        public static final Times QUICK =
                new Times(Duration.ofSeconds(6), Duration.ofSeconds(6), Duration.ofSeconds(7));
    }

    /// What the broker has to be set to: its quotas look back two seconds, not eleven, so that what
    /// it takes is even.
    public static final Map<String, String> BROKER_PROPERTIES = Map.of("quota.window.num", "2");

    private OverloadBench(Workbench bench, Names names, List<byte[]> events, OpenLoad load) {
        this.bench = bench;
        this.names = names;
        this.events = events;
        this.load = load;
    }

    /// Measures.
    ///
    /// @throws IllegalStateException when an accepted event is not in the log, or a request is
    ///   answered by neither 202, 429 nor 503
    public static void run(Workbench bench, Times times) {
        Names names = Workbench.names("overload");
        bench.createTopics(names);
        limitProducer(bench);
        List<byte[]> events = BenchEvents.of(bench.generator(), DISTINCT_EVENTS);
        try (RunningCollector collector =
                        RunningCollector.start(bench.log(), names, bench.contract());
                OpenLoad load =
                        new OpenLoad(
                                collector.address(),
                                RunningCollector.batchRequests(
                                        bench.contract(), events, EVENTS_PER_POST),
                                Thread.ofVirtual().factory())) {
            new OverloadBench(bench, names, events, load).measure(times);
        }
    }

    private static void limitProducer(Workbench bench) {
        ClientQuotaAlteration quota =
                new ClientQuotaAlteration(
                        new ClientQuotaEntity(
                                Map.of(ClientQuotaEntity.CLIENT_ID, "leat-collector")),
                        List.of(
                                new ClientQuotaAlteration.Op(
                                        "producer_byte_rate", QUOTA_BYTES_PER_SECOND)));
        try (Admin admin = bench.log().admin()) {
            admin.alterClientQuotas(List.of(quota)).all().get();
        } catch (ExecutionException e) {
            throw new LogUnavailable("cannot set a quota", e.getCause());
        } catch (InterruptedException e) {
            throw LogUnavailable.interrupted(e);
        }
    }

    private void measure(Times times) {
        List<OpenLoad.Answered> trial = load.send(TRIAL_POSTS_PER_SECOND, times.trial());
        long counted = trial.getFirst().dueNanos() + times.trial().toNanos() / 2;
        double capacity = acceptedPerSecond(trial, counted);
        progress(
                String.format(
                        Locale.ROOT, "the log takes %,.0f events/s", capacity * EVENTS_PER_POST));
        double before = usedMebibytes();
        List<OpenLoad.Answered> overload;
        double at;
        try (ScheduledExecutorService late = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<Double> used =
                    late.schedule(
                            OverloadBench::usedMebibytes,
                            times.overload().toMillis() * 9 / 10,
                            TimeUnit.MILLISECONDS);
            overload = load.send(OVERLOAD * capacity, times.overload());
            at = used.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("cannot measure the memory", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        List<OpenLoad.Answered> recovery = load.send(capacity / 2, times.recovery());
        List<OpenLoad.Answered> all = new ArrayList<>(trial);
        all.addAll(overload);
        all.addAll(recovery);
        told(all);
        inLog(all);
        report(overload, capacity);
        bar("overload-memory-growth-mebibytes", Math.max(0, at - before), "MiB", GROWTH_MEBIBYTES);
        bar("overload-recovery-seconds", recoverySeconds(recovery), "s", RECOVERY_SECONDS);
    }

    private void report(List<OpenLoad.Answered> overload, double capacity) {
        double[] millis =
                overload.stream()
                        .filter(OpenLoad.Answered::accepted)
                        .mapToDouble(OpenLoad.Answered::millis)
                        .sorted()
                        .toArray();
        double[] refused =
                overload.stream()
                        .filter(OpenLoad.Answered::refused)
                        .mapToDouble(OpenLoad.Answered::millis)
                        .sorted()
                        .toArray();
        progress(
                String.format(
                        Locale.ROOT,
                        "of %,d posts %,d were accepted (p50 %.0f ms, p99 %.0f ms, most %.0f ms),"
                                + " %,d refused (p99 %.0f ms)",
                        overload.size(),
                        millis.length,
                        at(millis, 0.5),
                        at(millis, 0.99),
                        at(millis, 1),
                        refused.length,
                        at(refused, 0.99)));
        bar("overload-accepted-p99-millis", at(millis, 0.99), "ms", ACCEPTED_P99_MILLIS);
        double perSecond = acceptedPerSecond(overload, overload.getFirst().dueNanos());
        metric(
                "overload-accepted-events-per-second",
                perSecond * EVENTS_PER_POST,
                "events/s",
                capacity * EVENTS_PER_POST,
                "what the log took before");
    }

    /// Requests a second that were accepted from `fromNanos` on.
    private static double acceptedPerSecond(List<OpenLoad.Answered> answers, long fromNanos) {
        long last = fromNanos;
        int accepted = 0;
        for (OpenLoad.Answered answer : answers) {
            if (answer.answeredNanos() - fromNanos >= 0 && answer.accepted()) {
                accepted++;
                last = Math.max(last, answer.answeredNanos());
            }
        }
        if (accepted == 0) {
            throw new IllegalStateException("nothing was accepted");
        }
        return accepted / ((last - fromNanos) / 1e9);
    }

    private void told(List<OpenLoad.Answered> all) {
        long told = all.stream().filter(one -> one.accepted() || one.refused()).count();
        metric("overload-answered", (double) told, "posts", all.size(), "posts sent");
        if (told < all.size()) {
            throw new IllegalStateException(
                    "of "
                            + all.size()
                            + " posts only "
                            + told
                            + " were told that they are accepted or that they are not");
        }
    }

    /// Compares what clients were told with what raw has.
    private void inLog(List<OpenLoad.Answered> all) {
        Map<Hash128, Integer> promised = new HashMap<>();
        long accepted = 0;
        for (OpenLoad.Answered answer : all) {
            if (answer.accepted()) {
                int first = answer.request() * EVENTS_PER_POST;
                int end = Math.min(events.size(), first + EVENTS_PER_POST);
                for (byte[] event : events.subList(first, end)) {
                    promised.merge(hash(event), 1, Integer::sum);
                    accepted++;
                }
            }
        }
        String raw = names.raw(bench.contract());
        try (Consumer<byte[], byte[]> reader = bench.log().reader("bench-ledger", Map.of())) {
            List<TopicPartition> partitions = bench.partitions(raw);
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream()
                    .anyMatch(p -> reader.position(p) < ends.getOrDefault(p, 0L))) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    promised.computeIfPresent(hash(record.value()), (_, left) -> left - 1);
                }
            }
        }
        long lost = promised.values().stream().mapToLong(left -> Math.max(0, left)).sum();
        metric(
                "overload-in-log",
                (double) (accepted - lost),
                "events",
                (double) accepted,
                "events accepted");
        if (lost > 0) {
            throw new IllegalStateException(lost + " accepted events are not in the log");
        }
    }

    private static Hash128 hash(byte[] event) {
        return Hash128.of(new String(event, java.nio.charset.StandardCharsets.UTF_8));
    }

    /// From the end of the overload to the last answer that was a refusal or came late.
    private static double recoverySeconds(List<OpenLoad.Answered> recovery) {
        long start = recovery.getFirst().dueNanos();
        long recovered = start;
        for (OpenLoad.Answered answer : recovery) {
            if (!answer.accepted() || answer.millis() > RECOVERED_MILLIS) {
                recovered = Math.max(recovered, answer.answeredNanos());
            }
        }
        return (recovered - start) / 1e9;
    }

    /// What is in use after a collection: heap and Netty's buffers.
    private static double usedMebibytes() {
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        long direct =
                ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider
                        ? provider.metric().usedDirectMemory()
                        : 0;
        return (double) (heap + direct) / MEBIBYTE;
    }

    private static double at(double[] sorted, double share) {
        if (sorted.length == 0) {
            return 0;
        }
        int rank = (int) Math.ceil(share * sorted.length);
        return sorted[Math.clamp(rank - 1, 0, sorted.length - 1)];
    }

    private void bar(String name, double value, String unit, double limit) {
        metric(name, value, unit, limit, BAR);
    }

    private void metric(String name, double value, String unit, double limit, String limitName) {
        bench.metrics()
                .accept(
                        new Metric(
                                name,
                                value,
                                unit,
                                limit,
                                value / limit,
                                0,
                                0,
                                limitName,
                                1,
                                ROLES));
    }

    private void progress(String line) {
        bench.progress().accept("overload: " + line);
    }
}
