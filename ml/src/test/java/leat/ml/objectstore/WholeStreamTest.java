package leat.ml.objectstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class WholeStreamTest {

    private final AtomicBoolean aborted = new AtomicBoolean();

    private WholeStream stream(int bytes, int wanted) {
        return new WholeStream(
                new ByteArrayInputStream(new byte[bytes]),
                "s3://b/m/x",
                wanted,
                () -> aborted.set(true));
    }

    @Test
    void whatHasItsLengthIsGivenAndLeftInPeace() throws IOException {
        try (WholeStream in = stream(3, 3)) {
            assertThat(in.read()).isZero();
            assertThat(in.readAllBytes()).hasSize(2);
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThat(aborted).isFalse();
    }

    @Test
    void whatBreaksOffOrGoesOnFails() throws IOException {
        try (WholeStream in = stream(2, 3)) {
            assertThatThrownBy(in::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessage("s3://b/m/x came with 2 of its 3 bytes");
        }
        try (WholeStream in = stream(4, 3)) {
            assertThatThrownBy(in::readAllBytes)
                    .hasMessage("s3://b/m/x came with 4 of its 3 bytes");
        }
    }

    @Test
    void theRestOfWhatIsClosedEarlyIsNotFetched() throws IOException {
        try (WholeStream in = stream(3, 3)) {
            assertThat(in.skip(1)).isOne();
        }
        assertThat(aborted).isTrue();
    }
}
