package leat.core.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import org.junit.jupiter.api.Test;

/// It may leave any event to the validator, but what it reads has to be the same.
final class PlainNumbersTest {

    private static final int DOCUMENTS = 50_000;
    private static final String BYTES = "{}[]\",:.-+eE019 tn\\\n\0\u00e9";
    private static final List<String> NUMBERS = List.of("b", "n", "a");
    private static final List<String> NAMES =
            List.of("entity", "time", "a", "n", "b", "on", "text");
    private static final Contract CONTRACT =
            OdcsReader.read(
                            Path.of("numbers.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: numbers
                            version: 1.0.0
                            status: active
                            schema:
                              - name: numbers
                                properties:
                                  - {name: entity, logicalType: string, required: true}
                                  - {name: time, logicalType: timestamp}
                                  - {name: a, logicalType: number}
                                  - {name: n, logicalType: integer}
                                  - {name: b, logicalType: number, required: true}
                                  - {name: on, logicalType: boolean}
                                  - {name: text, logicalType: string}
                            """)
                    .orThrow();

    private final Validator validator = Validator.forEnriched(CONTRACT);
    private final PlainNumbers plain =
            PlainNumbers.of(CONTRACT, "entity", "time", NUMBERS).orElseThrow();

    private static String one(Random random, String... of) {
        return of[random.nextInt(of.length)];
    }

    private static String number(Random random) {
        return random.nextInt(3) > 0
                ? Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(12) - 4))
                : one(random, "0", "-0", "-0.0", "17", "null", "\"NaN\"", "NaN", "1e3", "-2E-7");
    }

    private static String whole(Random random) {
        return random.nextInt(3) > 0
                ? Long.toString(random.nextLong() >> random.nextInt(64))
                : one(random, "9007199254740992", "9007199254740993", "5.0", "1e2", "null", "01");
    }

    private static String value(String name, Random random) {
        return switch (name) {
            case "entity" -> one(random, "\"car1\"", "\"caf\u00e9\"", "\"a\\\"b\"", "\"\"", "7");
            case "time" ->
                    one(
                            random,
                            "\"2026-01-01T00:00:00.000001Z\"",
                            "\"1969-12-31T23:59:59.999999Z\"",
                            "\"2026-01-01T00:00:00\"",
                            "null");
            case "n" -> whole(random);
            case "on" -> one(random, "true", "false", "null", "1");
            case "text" -> one(random, "\"x\"", "\"\\u0041\"", "null", "1.5");
            default -> number(random);
        };
    }

    /// Mostly sound, sometimes not even JSON.
    private static byte[] document(Random random) {
        List<String> fields = new ArrayList<>();
        for (String name : NAMES) {
            if (random.nextInt(12) > 0) {
                String gap = one(random, "", "", "", " ");
                String sound = random.nextInt(4) > 0 ? sound(name, random) : value(name, random);
                fields.add("\"" + name + "\"" + gap + ":" + gap + sound);
            }
        }
        if (random.nextInt(10) == 0) {
            fields.add(one(random, "\"a\":1.5", "\"later\":[1]", "\"n\":3"));
        }
        if (random.nextInt(5) == 0) {
            Collections.shuffle(fields, random);
        }
        byte[] json = ("{" + String.join(",", fields) + "}").getBytes(UTF_8);
        if (random.nextInt(10) == 0) {
            byte[] bytes = BYTES.getBytes(UTF_8);
            json[random.nextInt(json.length)] = bytes[random.nextInt(bytes.length)];
        }
        return json;
    }

    private static String sound(String name, Random random) {
        return switch (name) {
            case "entity", "text" -> "\"car" + random.nextInt(9) + "\"";
            case "time" -> "\"2026-01-01T00:00:0" + random.nextInt(10) + ".5Z\"";
            case "n" -> Integer.toString(random.nextInt());
            case "on" -> Boolean.toString(random.nextBoolean());
            default -> Float.toString(random.nextFloat() + 0.001F);
        };
    }

    @Test
    void whatIsReadIsWhatTheValidatorReads() {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        Random random = new Random(seed);
        double[] numbers = new double[NUMBERS.size()];
        int read = 0;
        for (int d = 0; d < DOCUMENTS; d++) {
            byte[] document = document(random);
            if (plain.read(document, numbers)) {
                read++;
                String as = "seed " + seed + ": " + new String(document, UTF_8);
                Outcome whole = validator.validateWhole(document, 0, document.length);
                assertThat(whole).as(as).isInstanceOf(Outcome.Valid.class);
                Row row = ((Outcome.Valid) whole).row();
                assertThat(row.value("entity")).as(as).isEqualTo(plain.text());
                assertThat(row.value("time"))
                        .as(as)
                        .isEqualTo(Instant.EPOCH.plus(plain.micros(), ChronoUnit.MICROS));
                for (int i = 0; i < numbers.length; i++) {
                    Object value = row.value(NUMBERS.get(i));
                    Double expected = value == null ? Double.NaN : ((Number) value).doubleValue();
                    assertThat((Double) numbers[i]).as(as).isEqualTo(expected);
                    // No whole number was rounded.
                    if (value instanceof Long exact) {
                        assertThat((long) numbers[i]).as(as).isEqualTo(exact);
                    }
                }
            }
        }
        assertThat(read).isBetween(DOCUMENTS / 20, DOCUMENTS * 3 / 4);
    }

    @Test
    void aVectorAsTheFeatureStoreWritesItIsPlain() {
        double[] numbers = new double[NUMBERS.size()];

        boolean read =
                plain.read(
                        ("{\"entity\":\"car8\",\"time\":\"2026-01-01T00:01:43.000001Z\","
                                        + "\"a\":0.027648874516528484,\"b\":9.09804761904762}")
                                .getBytes(UTF_8),
                        numbers);

        assertThat(read).isTrue();
        assertThat(plain.text()).isEqualTo("car8");
        assertThat(plain.micros()).isEqualTo(1_767_225_703_000_001L);
        assertThat(numbers).containsExactly(9.09804761904762, Double.NaN, 0.027648874516528484);
    }

    @Test
    void onlyNumbersAreRead() {
        assertThat(PlainNumbers.of(CONTRACT, "entity", "time", List.of("a", "text"))).isEmpty();
        assertThat(PlainNumbers.of(CONTRACT, "entity", "time", List.of("a", "a"))).isEmpty();
        assertThat(PlainNumbers.of(CONTRACT, "entity", "a", List.of("b"))).isEmpty();
    }
}
