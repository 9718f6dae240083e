package leat.core.validate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Random;
import leat.core.contract.Contract;
import leat.core.jsonschema.RandomEvents;
import leat.core.odcs.OdcsReader;
import leat.core.outcome.Outcome;
import org.junit.jupiter.api.Test;

/// The fast reader may leave any event to the full one, but what it reads has to be the same.
class PlainReaderTest {

    private static final int CONTRACTS = 200;
    private static final int DOCUMENTS = 250;
    private static final String BYTES = "{}[]\",:.-+eE019 tn\\\n\0\u00e9";

    @Test
    void whatIsReadFastIsWhatTheFullReaderReads() {
        long seed = Long.getLong("leat.seed", System.nanoTime());
        Random random = new Random(seed);
        int fast = 0;
        for (int c = 0; c < CONTRACTS; c++) {
            RandomEvents events = new RandomEvents(new Random(random.nextLong()));
            Contract contract =
                    OdcsReader.read(Path.of("random.odcs.yaml"), events.contract()).orThrow();
            boolean raw = c % 2 == 0;
            Validator validator =
                    raw ? Validator.forRaw(contract) : Validator.forEnriched(contract);
            PlainReader plain =
                    raw
                            ? PlainReader.ofRaw(contract.fields())
                            : PlainReader.ofJudged(contract.fields());
            for (int d = 0; d < DOCUMENTS; d++) {
                byte[] document = events.document().getBytes(UTF_8);
                if (d % 4 == 0) {
                    mutate(document, random);
                }
                Row row = plain.read(document, 0, document.length);
                if (row != null) {
                    fast++;
                    assertThat(validator.validateWhole(document, 0, document.length))
                            .as("seed %d: %s", seed, new String(document, UTF_8))
                            .isEqualTo(new Outcome.Valid(row));
                }
            }
        }
        assertThat(fast).isGreaterThan(1_000);
    }

    private static void mutate(byte[] document, Random random) {
        byte[] bytes = BYTES.getBytes(UTF_8);
        document[random.nextInt(document.length)] = bytes[random.nextInt(bytes.length)];
    }

    @Test
    void doublesAreTheNearestToTheirDigits() {
        Contract contract =
                OdcsReader.read(
                                Path.of("real.odcs.yaml"),
                                """
                                apiVersion: v3.1.0
                                kind: DataContract
                                id: real
                                version: 1.0.0
                                status: active
                                schema:
                                  - name: real
                                    properties:
                                      - {name: x, logicalType: number}
                                """)
                        .orThrow();
        PlainReader plain = PlainReader.ofJudged(contract.fields());
        Random random = new Random(7);
        int fast = 0;
        for (int i = 0; i < 300_000; i++) {
            double value = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(10) - 2);
            String text =
                    switch (i % 3) {
                        case 0 -> Double.toString(value);
                        case 1 -> "%.4f".formatted(value);
                        // Up to 18 digits that count, in the middle of two doubles among them.
                        default ->
                                BigDecimal.valueOf(
                                                (((1L << 53) + random.nextInt(64))
                                                                << random.nextInt(6))
                                                        + random.nextInt(3),
                                                random.nextInt(24))
                                        .toPlainString();
                    };
            byte[] json = ("{\"x\":" + text + "}").getBytes(UTF_8);
            Row row = plain.read(json, 0, json.length);
            if (row != null) {
                fast++;
                assertThat(row.value(0)).as(text).isEqualTo(Double.parseDouble(text));
            }
        }
        assertThat(fast).isGreaterThan(250_000);
    }
}
