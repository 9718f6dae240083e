package leat.stream.collector.syslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import leat.core.outcome.Outcome;
import leat.core.validate.Validator;
import leat.stream.collector.otlp.TelemetryContracts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SyslogRecordTest {

    private static final Instant NOW = Instant.parse("2026-01-03T10:00:00Z");
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    private static SyslogRecord parse(String message) {
        return SyslogRecord.parse(message.getBytes(UTF_8), NOW, BERLIN);
    }

    @Test
    void readsRfc5424() {
        SyslogRecord record =
                parse(
                        "<165>1 2026-01-03T09:59:58.003000+01:00 m1.example shop 812 ID47"
                                + " [ex@1 a=\"x \\\"y\\\" \\]\" b=\"\"][only@2] \uFEFFit broke");

        assertThat(record)
                .isEqualTo(
                        new SyslogRecord(
                                Instant.parse("2026-01-03T08:59:58.003Z"),
                                5,
                                20,
                                "m1.example",
                                "shop",
                                List.of(
                                        Map.entry("syslog.procid", "812"),
                                        Map.entry("syslog.msgid", "ID47"),
                                        Map.entry("ex@1.a", "x \"y\" ]"),
                                        Map.entry("ex@1.b", ""),
                                        Map.entry("only@2", "")),
                                "it broke",
                                "rfc5424"));
    }

    @Test
    void readsNilsOfRfc5424() {
        SyslogRecord record = parse("<13>1 - - - - - -");

        assertThat(record.time()).isEqualTo(NOW);
        assertThat(record.host()).isNull();
        assertThat(record.service()).isNull();
        assertThat(record.attributes()).isEmpty();
        assertThat(record.body()).isEmpty();
    }

    @Test
    void readsRfc3164WithTheNearestYearInTheZoneOfTheSettings() {
        SyslogRecord old = parse("<34>Dec 31 23:59:59 m1 su[12]: 'su root' failed");
        SyslogRecord young = parse("<34>Jan  3 11:00:01 m1 su: x");

        assertThat(old.time()).isEqualTo(Instant.parse("2025-12-31T22:59:59Z"));
        assertThat(young.time()).isEqualTo(Instant.parse("2026-01-03T10:00:01Z"));
        assertThat(old.host()).isEqualTo("m1");
        assertThat(old.service()).isEqualTo("su");
        assertThat(old.attributes()).containsExactly(Map.entry("syslog.procid", "12"));
        assertThat(old.body()).isEqualTo("'su root' failed");
        assertThat(old.format()).isEqualTo("rfc3164");
    }

    @Test
    void readsTheDayThatOnlyALeapYearHas() {
        Instant now = Instant.parse("2028-03-01T10:00:00Z");

        SyslogRecord record =
                SyslogRecord.parse("<34>Feb 29 11:00:00 m1 su: x".getBytes(UTF_8), now, BERLIN);

        assertThat(record.time()).isEqualTo(Instant.parse("2028-02-29T10:00:00Z"));
    }

    @Test
    void readsWhatRsyslogForwards() {
        SyslogRecord record =
                parse("<30>2026-01-03T09:59:58.123456+00:00 m1 cron[7]: (root) CMD (x)");

        assertThat(record.time()).isEqualTo(Instant.parse("2026-01-03T09:59:58.123456Z"));
        assertThat(record.host()).isEqualTo("m1");
        assertThat(record.service()).isEqualTo("cron");
    }

    @Test
    void readsAMessageOfALocalSocketThatNamesNoHost() {
        SyslogRecord record = parse("<13>Jan  3 11:00:00 root: hello");

        assertThat(record.host()).isNull();
        assertThat(record.service()).isEqualTo("root");
        assertThat(record.body()).isEqualTo("hello");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain text",
                "<999>x",
                "<13>1 yesterday m1 app - - - x",
                "<13>1 2026-01-03T09:00:00Z m1 app - - [broken x",
                "<13>",
                "<13>Feb 30 11:00:00 m1 app: x",
                "<0>::",
                "{\"json\": true}"
            })
    void everyTextIsARecord(String message) {
        SyslogRecord record = parse(message);

        assertThat(record.time()).isEqualTo(NOW);
        assertThat(message).endsWith(record.body());
        assertThat(Validator.forRaw(TelemetryContracts.LOGS).validate(record.json()))
                .isInstanceOf(Outcome.Valid.class);
    }

    @Test
    void bytesThatAreNotUtf8AreKept() {
        byte[] message = "<13>Jan  3 11:00:00 m1 app: M\u00fcll".getBytes(ISO_8859_1);

        assertThat(SyslogRecord.parse(message, NOW, BERLIN).body()).isEqualTo("M\u00fcll");
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void whateverComesKeepsTheContract(long seed) {
        Random random = new Random(seed);
        Validator validator = Validator.forRaw(TelemetryContracts.LOGS);
        byte[] sound =
                ("<165>1 2026-01-03T09:59:58.003Z m1.example shop 812 ID47"
                                + " [ex@1 a=\"x\" b=\"y\"] it broke")
                        .getBytes(UTF_8);
        for (int i = 0; i < 5_000; i++) {
            byte[] damaged = sound.clone();
            for (int n = random.nextInt(6); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            byte[] json = SyslogRecord.parse(damaged, NOW, BERLIN).json();
            assertThat(validator.validate(json))
                    .as("seed " + seed + ": " + new String(json, UTF_8))
                    .isInstanceOf(Outcome.Valid.class);
        }
    }
}
