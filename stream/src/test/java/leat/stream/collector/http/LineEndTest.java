package leat.stream.collector.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

final class LineEndTest {

    @Test
    void isWhereALoopOverTheBytesFindsIt() {
        // Given bytes around the one that is looked for, at all alignments
        Random random = new Random(7);
        byte[] alphabet = {'\n', 0x0B, 0x09, (byte) 0x8A, 0, -1, 'a', 'b', 'c', 'd', 'e', 'f'};
        for (int round = 0; round < 20_000; round++) {
            byte[] bytes = new byte[random.nextInt(40)];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = alphabet[random.nextInt(alphabet.length)];
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);

            // When
            int found = LineEnd.after(bytes, from, to);

            // Then
            int expected = from;
            while (expected < to && bytes[expected] != '\n') {
                expected++;
            }
            assertThat(found).isEqualTo(expected);
        }
    }
}
