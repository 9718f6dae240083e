package leat.examples.connectedcar;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonBufferTest {

    private static String text(JsonBuffer json) {
        return new String(json.bytes(), 0, json.length(), StandardCharsets.US_ASCII);
    }

    @Test
    void writesIntegersAsTheLibraryDoes() {
        for (long value : new long[] {0, 9, 10, 99, 100, -1, -12345, 1768464000000000L}) {
            assertThat(text(new JsonBuffer().integer(value))).isEqualTo(Long.toString(value));
        }
    }

    @Test
    void writesNoZerosAtTheEnd() {
        assertThat(text(new JsonBuffer().fraction(1_500_000, 6))).isEqualTo("1.5");
        assertThat(text(new JsonBuffer().fraction(2_000_000, 6))).isEqualTo("2");
        assertThat(text(new JsonBuffer().fraction(7, 3))).isEqualTo("0.007");
    }

    @Test
    void roundsHalfUp() {
        Random random = new Random(11);
        for (int round = 0; round < 100_000; round++) {
            float value = random.nextFloat() * 5000;
            String written = text(new JsonBuffer().decimal(value, 3));
            BigDecimal exact = new BigDecimal(value).setScale(3, RoundingMode.HALF_UP);
            assertThat(new BigDecimal(written)).isEqualByComparingTo(exact);
        }
    }
}
