package leat.stream.collector.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.embedded.kafka.EmbeddedKafka;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.EventIntake;
import leat.stream.collector.otlp.TelemetryContracts;
import leat.stream.collector.otlp.TelemetryFixture;
import leat.stream.log.LogConnection;
import leat.stream.log.TopicSpec;
import leat.stream.log.Topics;
import leat.stream.testing.Await;
import leat.stream.testing.RealProgram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The syslog door with real senders, and with a log that goes away.
@Timeout(value = 240, unit = TimeUnit.SECONDS)
final class SyslogDoorIT {

    private static final SyslogSettings SETTINGS = AnyPort.of("log-record", 100);

    @TempDir private Path folder;

    private static SyslogDoor door(EventIntake intake) {
        return SyslogDoor.open(
                intake,
                SETTINGS,
                Optional.empty(),
                Duration.ofSeconds(20),
                new PrometheusRegistry());
    }

    private static List<JsonNode> await(TelemetryFixture collector, int count) {
        Await.untilTrue(() -> collector.records(TelemetryContracts.LOGS).size() >= count);
        return collector.events(TelemetryContracts.LOGS);
    }

    @Test
    void logger() {
        String logger = RealProgram.require("logger", "bsdutils").toString();
        try (TelemetryFixture collector = TelemetryFixture.open();
                SyslogDoor door = door(collector.intake())) {
            List<String> there =
                    List.of(
                            logger,
                            "--tcp",
                            "-n",
                            "127.0.0.1",
                            "-P",
                            "" + door.port(),
                            "-t",
                            "shop");

            RealProgram.run(with(there, "--rfc5424", "--octet-count", "-p", "local0.err", "one"));
            RealProgram.run(with(there, "--rfc5424", "--msgid", "M1", "two"));
            RealProgram.run(with(there, "--rfc3164", "-i", "three"));

            List<JsonNode> events = await(collector, 3);
            assertThat(events)
                    .extracting(event -> event.path("body").asString())
                    .containsExactlyInAnyOrder("one", "two", "three");
            assertThat(events)
                    .allMatch(event -> event.path("service").asString().equals("shop"))
                    .allMatch(event -> event.has("host"));
            JsonNode one = of(events, "one");
            assertThat(one.path("severity").asString()).isEqualTo("err");
            assertThat(one.path("severity_number").asInt()).isEqualTo(17);
            assertThat(one.path("attributes").toString())
                    .contains("{\"key\":\"syslog.facility\",\"value\":\"16\"}");
            assertThat(of(events, "two").path("attributes").toString()).contains("M1");
            assertThat(of(events, "three").path("format").asString()).isEqualTo("rfc3164");
            assertThat(collector.dead(TelemetryContracts.LOGS)).isEmpty();
        }
    }

    private static List<String> with(List<String> command, String... more) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(more));
        return all;
    }

    private static JsonNode of(List<JsonNode> events, String body) {
        return events.stream()
                .filter(event -> event.path("body").asString().equals(body))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void syslogNg() throws Exception {
        Path input = folder.resolve("in.log");
        Files.writeString(
                input,
                IntStream.range(0, 500)
                        .mapToObj(i -> "<11>Jan  3 11:00:00 m1 shop[7]: line " + i + "\n")
                        .reduce("", String::concat));
        try (TelemetryFixture collector = TelemetryFixture.open();
                SyslogDoor door = door(collector.intake())) {
            Path configuration = folder.resolve("syslog-ng.conf");
            Files.writeString(
                    configuration,
                    """
                    @version: 3.38
                    options { keep-hostname(yes); stats-freq(0); };
                    source in { file("%s" read-old-records(yes) follow-freq(0.1)); };
                    destination leat { syslog("127.0.0.1" transport("tcp") port(%d)); };
                    log { source(in); destination(leat); };
                    """
                            .formatted(input, door.port()));
            try (RealProgram _ = RealProgram.syslogNg(folder, configuration)) {
                List<JsonNode> events = await(collector, 500);

                assertThat(events.stream().map(event -> event.path("body").asString()).distinct())
                        .hasSize(500);
                assertThat(events)
                        .hasSize(500)
                        .allMatch(event -> event.path("format").asString().equals("rfc5424"))
                        .allMatch(event -> event.path("service").asString().equals("shop"))
                        .allMatch(event -> event.path("host").asString().equals("m1"));
            }
        }
    }

    @Test
    void aLogThatIsAwayStopsTheSenderAndNothingIsLostOrDoubled() throws Exception {
        // Given
        EmbeddedKafka broker = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, 0));
        String address = broker.bootstrapServers();
        int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
        LogConnection log = new LogConnection(address);
        Names names = new Names("syslog");
        try (Admin admin = log.admin()) {
            Topics topics = new Topics(admin, 1);
            topics.apply(topics.plan(TopicSpec.of(names, TelemetryContracts.LOGS)));
        }
        try (EventIntake intake =
                        EventIntake.open(
                                new EventIntake.Parts(
                                        log,
                                        names,
                                        List.of(TelemetryContracts.LOGS),
                                        new PrometheusRegistry()),
                                CollectorFixture.settings());
                SyslogDoor door = door(intake);
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.port())) {
            AtomicInteger sent = new AtomicInteger();
            send(socket.getOutputStream(), 0, 50, sent);
            Await.untilTrue(() -> bodies(log, names).size() == 50);

            // When
            broker.close();
            int all = 10_000;
            CompletableFuture<Void> sender =
                    CompletableFuture.runAsync(() -> {
                        try {
                            send(socket.getOutputStream(), 50, all, sent);
                            socket.shutdownOutput();
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            // More than sockets hold: the sender is stopped, not told that all is well.
            Await.untilTrue(() -> intake.requestsInFlight().taken() > 0 && isHeldUp(sent));
            assertThat(sender).isNotDone();
            assertThat(intake.bytesInFlight().taken()).isLessThan(2_000_000);
            EmbeddedKafka again = EmbeddedKafka.start(new EmbeddedKafka.Settings(folder, port));

            // Then
            sender.get(60, TimeUnit.SECONDS);
            Await.untilTrue(() -> ids(log, names).stream().distinct().count() == all);
            List<String> bodies = bodies(log, names).stream().distinct().toList();
            assertThat(bodies).hasSize(all);
            assertThat(intake.bytesInFlight().taken()).isZero();
            again.close();
        }
    }

    @Test
    @SuppressWarnings("deprecation") // an executor of its own is what lets the looks be counted
    void aConnectionLooksForRoomOnceAtATimeHoweverOftenItHasReadInAFullCollector() {
        // Given
        CountingLoop loop = new CountingLoop();
        try (TelemetryFixture collector = TelemetryFixture.open();
                SyslogDoor door = door(collector.intake())) {
            long all = collector.settings().limits().inFlightSize().bytes();
            collector.intake().bytesInFlight().take(all);
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.pipeline().addLast(loop, new SyslogConnection(door, "one"));

            // When
            for (int i = 0; i < 100; i++) {
                channel.pipeline().fireChannelReadComplete();
            }
            loop.submit(() -> {}).syncUninterruptibly();

            // Then
            assertThat(loop.mostWaiting.get()).isEqualTo(1);
            assertThat(channel.config().isAutoRead()).isFalse();
            collector.intake().bytesInFlight().giveBack(all);
            Await.untilTrue(() -> channel.config().isAutoRead());
        } finally {
            loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
        }
    }

    /// Knows how many tasks at most have waited for their time.
    private static final class CountingLoop extends SingleThreadEventExecutor {

        private final AtomicInteger waiting = new AtomicInteger();
        private final AtomicInteger mostWaiting = new AtomicInteger();

        CountingLoop() {
            super(null, new DefaultThreadFactory("counting-loop"), true);
        }

        @Override
        protected void run() {
            do {
                Runnable task = takeTask();
                if (task != null) {
                    task.run();
                    updateLastExecutionTime();
                }
            } while (!confirmShutdown());
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
            mostWaiting.accumulateAndGet(waiting.incrementAndGet(), Math::max);
            return super.schedule(
                    () -> {
                        waiting.decrementAndGet();
                        task.run();
                    },
                    delay,
                    unit);
        }
    }

    /// Whether no write has come back for a while.
    private static boolean isHeldUp(AtomicInteger sent) {
        int before = sent.get();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300));
        return sent.get() == before;
    }

    private static void send(OutputStream out, int from, int to, AtomicInteger sent)
            throws IOException {
        for (int i = from; i < to; i++) {
            String padding = ".".repeat(2_000);
            out.write(("<13>1 - m1 load - - - " + padding + i + "\n").getBytes(UTF_8));
            sent.incrementAndGet();
        }
    }

    private static List<String> bodies(LogConnection log, Names names) {
        return CollectorFixture.records(log, names.raw(TelemetryContracts.LOGS)).stream()
                .map(record -> new String(record.value(), UTF_8))
                .map(json -> json.substring(json.indexOf("\"body\"")))
                .toList();
    }

    /// What the enricher tells duplicates by.
    private static List<String> ids(LogConnection log, Names names) {
        return CollectorFixture.records(log, names.raw(TelemetryContracts.LOGS)).stream()
                .map(SyslogDoorIT::id)
                .toList();
    }

    private static String id(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.headers().lastHeader(EventHeaders.ID).value(), UTF_8);
    }
}
