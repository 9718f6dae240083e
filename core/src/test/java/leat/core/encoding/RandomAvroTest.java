package leat.core.encoding;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import leat.core.contract.Contract;
import leat.core.outcome.Outcome;
import leat.core.outcome.ReasonCode;
import leat.core.validate.TopLevelCheck;
import leat.core.validate.Validator;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class RandomAvroTest {

    private static final int CONTRACTS = 150;
    private static final int EVENTS = 100;
    private static final Set<ReasonCode> REFUSALS =
            EnumSet.of(ReasonCode.ENCODING, ReasonCode.TOO_DEEP, ReasonCode.TOO_LARGE);

    @TempDir Path folder;

    private final long seed = Long.getLong("leat.seed", System.nanoTime());

    private record Case(Contract contract, Schema schema) {}

    private Case random(RandomAvro avro) {
        RandomAvro.Shape shape = avro.record(0);
        Contract contract =
                AvroContracts.avro(folder, shape.schema(), "[" + shape.properties() + "]\n")
                        .orThrow();
        return new Case(contract, PayloadSchemas.avro(shape.schema()));
    }

    @Test
    void whateverAvroWritesIsReadAsTheRowItIs() {
        System.out.println("RandomAvroTest seed " + seed);
        Random random = new Random(seed);
        int checked = 0;
        for (int c = 0; c < CONTRACTS; c++) {
            RandomAvro avro = new RandomAvro(random);
            Case one = random(avro);
            PayloadDecoder decoder = AvroContracts.decoder(one.contract());
            Validator validator = Validator.forRaw(one.contract());
            for (int e = 0; e < EVENTS; e++) {
                RandomAvro.Sample sample = avro.row(one.schema(), one.contract().fields());
                byte[] bytes =
                        AvroContracts.bytes(one.schema(), (IndexedRecord) notNull(sample.datum()));

                String json =
                        AvroContracts.json(
                                decoder.decode("application/avro", bytes, Metadata.NONE));

                switch (validator.validate(json.getBytes(UTF_8))) {
                    case Outcome.Valid valid ->
                            assertThat(valid.row())
                                    .as("seed %d, %s", seed, json)
                                    .isEqualTo(sample.expected());
                    case Outcome.Rejected rejected ->
                            fail("seed %d: %s for %s", seed, rejected.reasons(), json);
                }
                checked++;
            }
        }
        assertThat(checked).isEqualTo(CONTRACTS * EVENTS);
    }

    private static Object notNull(@Nullable Object datum) {
        return Objects.requireNonNull(datum);
    }

    @Test
    @Timeout(value = 120, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void brokenBytesAreAnEventOrAReasonAndNothingElse() {
        System.out.println("RandomAvroTest seed " + seed);
        Random random = new Random(seed);
        int refused = 0;
        int read = 0;
        for (int c = 0; c < CONTRACTS; c++) {
            RandomAvro avro = new RandomAvro(random);
            Case one = random(avro);
            PayloadDecoder decoder = AvroContracts.decoder(one.contract());
            TopLevelCheck check = new TopLevelCheck(one.contract());
            for (int e = 0; e < EVENTS; e++) {
                RandomAvro.Sample sample = avro.row(one.schema(), one.contract().fields());
                byte[] sound =
                        AvroContracts.bytes(one.schema(), (IndexedRecord) notNull(sample.datum()));
                byte[] bytes = broken(random, sound);

                switch (decoder.decode("application/avro", bytes, Metadata.NONE)) {
                    case Decoded.Json(byte[] json) -> {
                        read++;
                        assertThat(check.check(json))
                                .as("seed %d", seed)
                                .isInstanceOf(TopLevelCheck.Result.Passed.class);
                    }
                    case Decoded.Refused(var reason) -> {
                        refused++;
                        assertThat(REFUSALS).as("seed %d", seed).contains(reason.code());
                    }
                }
                assertThat(decoder.decode("application/avro", sound, Metadata.NONE))
                        .as("the next event, seed %d", seed)
                        .isInstanceOf(Decoded.Json.class);
            }
        }
        assertThat(List.of(read, refused)).allSatisfy(n -> assertThat(n).isGreaterThan(1_000));
    }

    private static byte[] broken(Random random, byte[] bytes) {
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> {
                byte[] noise = new byte[random.nextInt(300)];
                random.nextBytes(noise);
                yield noise;
            }
            case 2 -> {
                // A huge number in zigzag, wherever it falls.
                byte[] huge = bytes.clone();
                int from = random.nextInt(huge.length + 1);
                Arrays.fill(huge, from, Math.min(huge.length, from + 9), (byte) 0xff);
                yield huge;
            }
            default -> {
                byte[] flipped = bytes.clone();
                for (int n = random.nextInt(4); n >= 0 && flipped.length > 0; n--) {
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
        };
    }
}
