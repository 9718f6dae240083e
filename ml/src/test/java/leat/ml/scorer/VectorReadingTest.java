package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leat.core.contract.Contracts;
import leat.core.event.EventHeaders;
import leat.core.event.Names;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.core.scoring.NumberRow;
import leat.ml.scorer.VectorReading.Read;
import leat.ml.testing.MemoryLog;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Vectors read the quick way are what the validator reads.
final class VectorReadingTest {

    private static final int VECTORS = 20_000;
    private static final TopicId TOPIC = new TopicId("AAAAAAAAAAAAAAAAAAAAAQ");
    private static final String READINGS =
            """
            apiVersion: v3.1.0
            kind: DataContract
            id: readings
            version: 1.0.0
            status: active
            schema:
              - name: readings
                properties:
                  - {name: time, logicalType: timestamp, required: true}
                  - {name: car, logicalType: string, required: true}
                  - {name: a, logicalType: number}
                  - {name: n, logicalType: integer}
                  - {name: firmware, logicalType: string}
            customProperties:
              - {property: leat.key, value: car}
              - {property: leat.time, value: time}
            """;
    private static final String DRIVING =
            """
            entity: car
            source: readings
            features:
              - {name: a, expression: event.a}
              - {name: n, expression: event.n}
              - {name: firmware, expression: event.firmware}
            """;

    private static Scoring scoring(String keys) {
        CompiledView view =
                FeatureViewReader.read(
                                Path.of("driving.yaml"),
                                DRIVING,
                                new Contracts(
                                        List.of(
                                                OdcsReader.read(
                                                                Path.of("readings.odcs.yaml"),
                                                                READINGS)
                                                        .orThrow())))
                        .orThrow();
        String text =
                """
                scoring:
                  model: risk
                  view: driving
                  features: [n, a]
                  outputs: {score: variable}
                """
                        + keys.indent(2);
        return ScoringReader.read(Path.of("risk.yaml"), text, List.of(view)).orThrow();
    }

    private static String one(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static String vector(Random random) {
        List<String> fields = new ArrayList<>();
        fields.add("\"entity\":" + one(random, "\"car1\"", "\"car2\"", "\"a\\nb\"", "\"\u00fc\""));
        fields.add("\"query_time\":\"2026-01-01T00:00:0" + random.nextInt(10) + ".000001Z\"");
        if (random.nextInt(10) > 0) {
            fields.add(
                    "\"a\":"
                            + one(
                                    random,
                                    Double.toString(random.nextGaussian() * 100),
                                    Double.toString(random.nextDouble() / 100),
                                    one(
                                            random,
                                            "1e3",
                                            "null",
                                            "\"NaN\"",
                                            "-0.0",
                                            "12345678901234567890")));
        }
        if (random.nextInt(10) > 0) {
            fields.add(
                    "\"n\":"
                            + one(
                                    random,
                                    Integer.toString(random.nextInt(100)),
                                    Long.toString(random.nextLong()),
                                    one(random, "9007199254740993", "null", "7.0", "\"7\"")));
        }
        if (random.nextInt(4) > 0) {
            fields.add("\"firmware\":" + one(random, "\"1.2\"", "\"1.2\"", "\"\\u0041\"", "12"));
        }
        return "{" + String.join(",", fields) + "}";
    }

    private static ConsumerRecord<byte[], byte[]> record(
            String view, long offset, String position, String features) {
        String value =
                "{\"entity\":\"car1\",\"query_time\":\"2026-01-01T00:00:00.000001Z\""
                        + features
                        + "}";
        ConsumerRecord<byte[], byte[]> record =
                new ConsumerRecord<>(
                        "t.vectors." + view, 0, offset, new byte[0], value.getBytes(UTF_8));
        EventHeader.add(record.headers(), EventHeaders.VIEW, view);
        EventHeader.add(record.headers(), EventHeaders.POSITION, position);
        return record;
    }

    private static String said(Read read) {
        return switch (read) {
            case Read.Complete complete -> complete.features().toString();
            case Read.Lacking lacking -> lacking.why();
            case Read.Unreadable(String why) -> why;
        };
    }

    private static List<String> ofSet(String keys) {
        MemoryLog log = new MemoryLog(TOPIC);
        log.append(record("strain.v1", 0, TOPIC + "/0@0", ",\"force\":10.0"));
        log.append(record("strain.v1", 1, TOPIC + "/0@2", ",\"force\":12.0"));
        log.append(record("strain.v1", 2, TOPIC + "/0@3", ""));
        log.append(record("strain.v1", 3, TOPIC + "/0@4", ",\"force\":\"heavy\""));
        log.append(record("strain.v1", 4, TOPIC + "/0@9", ",\"force\":19.0"));
        List<ConsumerRecord<byte[], byte[]>> vectors = new ArrayList<>();
        for (int event = 0; event < 5; event++) {
            vectors.add(
                    record("driving.v1", event, TOPIC + "/0@" + event, ",\"a\":" + event + ".0"));
        }
        vectors.add(record("driving.v1", 5, "nowhere", ",\"a\":5.0"));
        vectors.add(record("driving.v1", 6, TOPIC + "/0@9", ""));
        try (VectorReading reading =
                new VectorReading(Risk.scoring("set: both\n" + keys), TOPIC, log, new Names("t"))) {
            return reading.read(vectors).stream().map(VectorReadingTest::said).toList();
        }
    }

    @Test
    void aVectorOfASetHasWhatTheOtherViewsWroteWithTheSameEvent() {
        String none = "the log has no vector of strain.v1 of the same event, which the model takes";
        String lacks = "the vector of strain.v1 has no b, which the model takes";

        assertThat(ofSet(""))
                .containsExactly(
                        "[0.0, 10.0]",
                        none,
                        "[2.0, 12.0]",
                        lacks,
                        lacks,
                        none,
                        "the vector has no a, which the model takes");
        assertThat(ofSet("missing: nan"))
                .containsExactly(
                        "[0.0, 10.0]",
                        "[1.0, NaN]",
                        "[2.0, 12.0]",
                        "[3.0, NaN]",
                        "[4.0, NaN]",
                        "[5.0, NaN]",
                        "[NaN, 19.0]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "missing: nan"})
    void theQuickWayReadsWhatTheValidatorReads(String keys) {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        Random random = new Random(seed);
        VectorReading reading =
                new VectorReading(scoring(keys), TOPIC, new MemoryLog(TOPIC), new Names("t"));
        int quick = 0;
        for (int i = 0; i < VECTORS; i++) {
            String vector = vector(random);
            ConsumerRecord<byte[], byte[]> record =
                    new ConsumerRecord<>(
                            "t.vectors.driving.v1", i % 3, i, new byte[0], vector.getBytes(UTF_8));
            EventHeader.add(record.headers(), EventHeaders.VIEW, "driving.v1");
            if (i % 5 > 0) {
                EventHeader.add(record.headers(), EventHeaders.POSITION, "E/0@" + i);
            }
            Read read = reading.read(List.of(record)).getFirst();
            assertThat(read)
                    .as("seed %d: %s", seed, vector)
                    .isEqualTo(reading.readWhole(record, List.of()));
            boolean wasQuick =
                    read instanceof Read.Complete complete
                            && complete.features() instanceof NumberRow;
            quick += wasQuick ? 1 : 0;
        }
        assertThat(quick).isBetween(VECTORS / 20, VECTORS * 3 / 4);
    }
}
