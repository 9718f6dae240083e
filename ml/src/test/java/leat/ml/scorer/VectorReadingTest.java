package leat.ml.scorer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import leat.core.contract.Contracts;
import leat.core.event.EventHeaders;
import leat.core.event.TopicId;
import leat.core.feature.CompiledView;
import leat.core.feature.FeatureViewReader;
import leat.core.odcs.OdcsReader;
import leat.core.prediction.Scoring;
import leat.core.prediction.ScoringReader;
import leat.core.scoring.NumberRow;
import leat.ml.scorer.VectorReading.Read;
import leat.stream.log.EventHeader;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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

    @ParameterizedTest
    @ValueSource(strings = {"", "missing: nan"})
    void theQuickWayReadsWhatTheValidatorReads(String keys) {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        Random random = new Random(seed);
        VectorReading reading = new VectorReading(scoring(keys), TOPIC);
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
            Read read = reading.read(record);
            assertThat(read).as("seed %d: %s", seed, vector).isEqualTo(reading.readWhole(record));
            boolean wasQuick =
                    read instanceof Read.Complete complete
                            && complete.features() instanceof NumberRow;
            quick += wasQuick ? 1 : 0;
        }
        assertThat(quick).isBetween(VECTORS / 20, VECTORS * 3 / 4);
    }
}
