package leat.ml.featurestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Random;
import leat.core.validate.MicrosText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// What a vector's JSON is made of, against the libraries that know the formats.
final class VectorTextTest {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    @ParameterizedTest
    @ValueSource(strings = {"", "car-1", "a \"b\" \\ /", "\u0000\u001f\n\t\u007f", "äß€", "😀x"})
    void textIsWrittenAsJacksonWritesIt(String text) {
        assertThat(new JsonBytes(0).text(text).bytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(JsonMapper.builder().build().writeValueAsString(text));
    }

    @Test
    void timesAreWrittenAsTheirPatternSays() {
        MicrosText times = new MicrosText();
        Random random = new Random(7);
        long micros = 0;
        for (int i = 0; i < 20_000; i++) {
            micros =
                    random.nextInt(10) == 0
                            ? random.nextLong(-4_000_000_000_000_000L, 4_000_000_000_000_000L)
                            : micros + random.nextInt(700_000);
            assertThat(times.text(micros))
                    .isEqualTo(TIME.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS)));
        }
    }
}
