package leat.core.tracking.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LikePatternTest {

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void matchesAsARegularExpressionWould(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2_000; i++) {
            String pattern = letters(random, "ab%_", 6);
            String text = letters(random, "ab", 8);
            boolean expected = Pattern.matches(pattern.replace("%", ".*").replace('_', '.'), text);

            assertThat(new LikePattern(pattern).matches(text))
                    .as("seed %s: '%s' LIKE '%s'", seed, text, pattern)
                    .isEqualTo(expected);
        }
    }

    private static String letters(Random random, String alphabet, int longest) {
        return random.ints(random.nextInt(longest + 1), 0, alphabet.length())
                .mapToObj(i -> alphabet.substring(i, i + 1))
                .collect(Collectors.joining());
    }

    @Test
    void otherCharactersStandForThemselves() {
        assertThat(new LikePattern("a.c").matches("abc")).isFalse();
        assertThat(LikePattern.ignoringCase("A%").matches("abc")).isTrue();
    }

    @Test
    void noPatternTakesLong() {
        Assertions.assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () ->
                        assertThat(
                                        new LikePattern("%a".repeat(1_000) + "b")
                                                .matches("a".repeat(8_000)))
                                .isFalse());
    }
}
