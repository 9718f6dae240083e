package leat.core.validate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import leat.core.contract.Contract;
import leat.core.odcs.OdcsReader;
import leat.core.validate.TopLevelCheck.Result;
import org.junit.jupiter.api.Test;

/// Generated events, sound and damaged: the answer with the quick scan against the parser's.
class QuickScanTest {

    private static final int EVENTS = 60_000;

    private static final Contract CONTRACT =
            OdcsReader.read(
                            Path.of("thing.odcs.yaml"),
                            """
                            apiVersion: v3.1.0
                            kind: DataContract
                            id: thing
                            version: 1.0.0
                            status: active
                            schema:
                              - name: thing
                                properties:
                                  - {name: n, logicalType: integer, required: true, primaryKey: true}
                                  - {name: s, logicalType: string, required: true, primaryKey: true}
                                  - {name: t, logicalType: timestamp}
                                  - {name: e, logicalType: timestamp, logicalTypeOptions: {format: epoch-seconds}}
                                  - {name: größe, logicalType: number}
                                  - {name: list, logicalType: array, items: {logicalType: number}}
                                  - name: car
                                    logicalType: object
                                    properties:
                                      - {name: id, logicalType: string}
                                      - {name: n, logicalType: integer}
                            customProperties:
                              - {property: leat.key, value: car.id}
                              - {property: leat.time, value: e}
                            """)
                    .orThrow();

    private final TopLevelCheck check = new TopLevelCheck(CONTRACT);

    @Test
    void theQuickScanAndTheParserGiveOneAnswer() {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        Random random = new Random(seed);
        int passed = 0;
        for (int i = 0; i < EVENTS; i++) {
            byte[] event = object(random, 0).getBytes(StandardCharsets.UTF_8);
            if (random.nextInt(3) == 0) {
                damage(event, random);
            }
            Result parsed = check.parsed(event, 0, event.length);
            Result answer = check.check(event);
            passed += answer instanceof Result.Passed ? 1 : 0;
            assertThat(answer)
                    .describedAs(
                            "-Dleat.seed=%d: %s", seed, new String(event, StandardCharsets.UTF_8))
                    .isEqualTo(parsed);
        }
        assertThat(passed).isBetween(EVENTS / 4, EVENTS * 9 / 10);
    }

    @Test
    void mostEventsNeedNoParser() {
        String event =
                "{\"n\":5,\"s\":\"a\",\"e\":1700000000,\"größe\":-1.25,"
                        + " \"list\" : [1, 2,[]],\"car\":{\"id\":\"ü\",\"n\":null}}";
        assertThat(scanned(event)).isTrue();
        assertThat(scanned(event.replace("\"größe\"", "\"other\""))).isFalse();
        assertThat(scanned(event.replace("-1.25", "-01"))).isFalse();
    }

    private boolean scanned(String event) {
        byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
        return check.scans(bytes, 0, bytes.length);
    }

    private static void damage(byte[] event, Random random) {
        String wanted = "\"\\{}[],:0-.eE+ntfu \n\u0001";
        int at = random.nextInt(event.length);
        event[at] =
                random.nextInt(4) == 0
                        ? (byte) random.nextInt()
                        : (byte) wanted.charAt(random.nextInt(wanted.length()));
    }

    private static String object(Random random, int depth) {
        List<String> names =
                new ArrayList<>(
                        depth == 0
                                ? List.of("n", "s", "t", "e", "größe", "list", "car")
                                : List.of("id", "n"));
        if (random.nextInt(6) == 0) {
            Collections.shuffle(names, random);
        }
        if (random.nextInt(8) == 0) {
            names.add(random.nextBoolean() ? "other" : names.getFirst());
        }
        StringBuilder json = new StringBuilder(space(random)).append('{').append(space(random));
        boolean first = true;
        for (String name : names) {
            if (random.nextInt(8) == 0) {
                continue;
            }
            json.append(first ? "" : space(random) + "," + space(random));
            first = false;
            json.append('"')
                    .append(random.nextInt(30) == 0 ? name.replace("n", "\\u006e") : name)
                    .append('"')
                    .append(space(random))
                    .append(':')
                    .append(space(random))
                    .append(value(random, name, depth));
        }
        return json.append(space(random)).append('}').append(space(random)).toString();
    }

    private static String value(Random random, String name, int depth) {
        if (random.nextInt(12) == 0) {
            return any(random, depth);
        }
        return switch (name) {
            case "n" -> one(random, "5", "-0", "123456789012345678", "9223372036854775808", "5.0");
            case "e" -> one(random, "1700000000", "0", "-1", "99999999999999", "1.5e9");
            case "t" -> one(random, "\"2026-01-31T12:00:00Z\"", "\"2026-01-31\"", "null");
            case "größe" -> one(random, "1.5", "-0.0", "1E+3", "0", "10e-2");
            case "list" -> one(random, "[]", "[ 1 ,2.5]", "[[1],[ ]]", "[{\"a\":1}]", "null");
            case "car" -> depth > 3 ? "null" : object(random, depth + 1);
            default -> text(random);
        };
    }

    private static String any(Random random, int depth) {
        return switch (random.nextInt(6)) {
            case 0 -> "null";
            case 1 -> "true";
            case 2 -> "[".repeat(1 + random.nextInt(70));
            case 3 -> depth > 2 ? "false" : object(random, depth + 1);
            case 4 -> "-";
            default -> text(random);
        };
    }

    private static String text(Random random) {
        return '"'
                + one(
                        random,
                        "",
                        "car7",
                        "ü€𝄞",
                        "a\\n",
                        "\\ud834\\udd1e",
                        "\\ud834",
                        "a|b\\\\",
                        "\\x")
                + '"';
    }

    private static String space(Random random) {
        return random.nextInt(10) == 0 ? one(random, " ", "\n\t", "\r ") : "";
    }

    private static String one(Random random, String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
