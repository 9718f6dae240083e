package leat.stream.enricher;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.stream.collector.CollectorFixture;
import leat.stream.collector.otlp.TelemetryContracts;
import leat.stream.log.EventHeader;
import leat.stream.log.TopicSpec;
import leat.stream.testing.Await;
import leat.stream.testing.RealProgram;
import leat.stream.testing.SharedKafka;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs that write to raw themselves, past the collector.
@Timeout(value = 2, unit = TimeUnit.MINUTES)
final class ForeignProducersIT {

    @TempDir private Path folder;

    private final Names names = SharedKafka.freshNames();
    private Enricher enricher;

    @BeforeEach
    void start() {
        SharedKafka.create(TopicSpec.of(names, TelemetryContracts.LOGS));
        enricher =
                Enricher.start(
                        SharedKafka.connection(),
                        new Enricher.Instance(names, "one", folder),
                        EnricherSettings.DEFAULT,
                        List.of(Flow.of(names, TelemetryContracts.LOGS)));
    }

    @AfterEach
    void stop() {
        enricher.close();
    }

    private List<ConsumerRecord<byte[], byte[]>> enriched() {
        return CollectorFixture.records(
                SharedKafka.connection(), names.enriched(TelemetryContracts.LOGS));
    }

    private List<ConsumerRecord<byte[], byte[]>> dead() {
        return CollectorFixture.records(
                SharedKafka.connection(),
                names.dead(TelemetryContracts.LOGS, Names.DeadStage.ENRICHER));
    }

    private static String text(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.value(), UTF_8);
    }

    @Test
    void kcatNamesEventsByHeadersOrLeavesThemToTheirPosition() {
        String kcat = RealProgram.require("kcat", "kcat").toString();
        List<String> produce =
                List.of(
                        kcat,
                        "-P",
                        "-b",
                        SharedKafka.bootstrapServers(),
                        "-t",
                        names.raw(TelemetryContracts.LOGS),
                        "-X",
                        "partitioner=murmur2_random");
        String event = "{\"time\":\"2026-01-03T10:00:00Z\",\"body\":\"one\"}";

        RealProgram.run(produce, event + "\n" + event + "\n" + "no JSON\n");
        List<String> named =
                Stream.concat(
                                produce.stream(),
                                Stream.of("-k", "k", "-H", "ce_id=42", "-H", "ce_source=kcat"))
                        .toList();
        RealProgram.run(named, event.replace("one", "two"));
        RealProgram.run(named, event.replace("one", "two"));
        RealProgram.run(named, event.replace("one", "three").replace("42", "43"));

        Await.untilTrue(() -> enriched().size() >= 3 && dead().size() == 1);
        assertThat(enriched().stream().map(ForeignProducersIT::text).toList())
                .filteredOn(text -> text.contains("two"))
                .hasSize(1);
        List<ConsumerRecord<byte[], byte[]>> unnamed =
                enriched().stream().filter(record -> text(record).contains("one")).toList();
        assertThat(unnamed).hasSize(2);
        assertThat(unnamed)
                .allSatisfy(record -> {
                    assertThat(EventHeader.text(record.headers(), EventHeaders.SOURCE))
                            .isEqualTo("position");
                    assertThat(EventHeader.text(record.headers(), EventHeaders.ID))
                            .isEqualTo(EventHeader.text(record.headers(), EventHeaders.POSITION));
                });
    }

    @Test
    void rsyslogWritesLogRecords() throws Exception {
        Path input = folder.resolve("in.log");
        Files.writeString(
                input,
                IntStream.range(0, 200)
                        .mapToObj(i -> "line \"" + i + "\"\n")
                        .reduce("", String::concat));
        Path configuration = folder.resolve("rsyslog.conf");
        Files.writeString(
                configuration,
                """
                global(workDirectory="%1$s")
                module(load="imfile" mode="polling" pollingInterval="1")
                module(load="omkafka")
                template(name="leat" type="list" option.jsonf="on") {
                  property(outname="time" name="timereported" dateFormat="rfc3339" format="jsonf")
                  property(outname="host" name="hostname" format="jsonf")
                  property(outname="service" name="programname" format="jsonf")
                  property(outname="severity" name="syslogseverity-text" format="jsonf")
                  property(outname="body" name="msg" format="jsonf")
                }
                input(type="imfile" file="%2$s" tag="shop:" severity="err")
                action(type="omkafka" broker=["%3$s"] topic="%4$s" template="leat"
                       confParam=["acks=all", "enable.idempotence=true"]
                       resubmitOnFailure="on" keepFailedMessages="on" failedMsgFile="failed")
                """
                        .formatted(
                                folder,
                                input,
                                SharedKafka.bootstrapServers(),
                                names.raw(TelemetryContracts.LOGS)));
        try (RealProgram _ = RealProgram.rsyslog(folder, configuration)) {
            Await.untilTrue(() -> enriched().size() >= 200);
        }

        assertThat(enriched().stream().map(ForeignProducersIT::text).distinct())
                .anyMatch(text -> text.contains("\"body\":\"line \\\"17\\\"\""))
                .allMatch(text -> text.contains("\"service\":\"shop\""));
        assertThat(dead()).isEmpty();
    }
}
