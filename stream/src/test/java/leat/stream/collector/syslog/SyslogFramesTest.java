package leat.stream.collector.syslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SyslogFramesTest {

    private static final int MAX_BYTES = 100;

    private final AtomicInteger passedOver = new AtomicInteger();

    private EmbeddedChannel channel() {
        return new EmbeddedChannel(new SyslogFrames(MAX_BYTES, passedOver::incrementAndGet));
    }

    private static List<String> messages(EmbeddedChannel channel) {
        List<String> messages = new ArrayList<>();
        byte[] message = channel.readInbound();
        while (message != null) {
            messages.add(new String(message, UTF_8));
            message = channel.readInbound();
        }
        return messages;
    }

    private List<String> read(String... parts) {
        EmbeddedChannel channel = channel();
        for (String part : parts) {
            channel.writeInbound(Unpooled.copiedBuffer(part, UTF_8));
        }
        channel.finish();
        return messages(channel);
    }

    @Test
    void readsBothFramingsOnOneConnection() {
        assertThat(read("<1>a\n6 <2>b\nc<3>d\r\n\n<4>e\0" + "5 <5>f\n"))
                .containsExactly("<1>a", "<2>b\nc", "<3>d", "<4>e", "<5>f");
    }

    @Test
    void aLineThatBeginsWithDigitsAndNoCountIsALine() {
        assertThat(read("2026-01-03 x\n12345678901 y\n1234\n"))
                .containsExactly("2026-01-03 x", "12345678901 y", "1234");
    }

    @Test
    void whatTheSenderLeftWithoutAnEndIsAMessageUnlessSomeOfItIsMissing() {
        assertThat(read("<1>a\n<2>b")).containsExactly("<1>a", "<2>b");
        assertThat(read("<1>a\n50 <2>b")).containsExactly("<1>a");
    }

    @Test
    void passesOverWhatIsTooLargeInBothFramings() {
        String large = "x".repeat(500);

        assertThat(read("<1>a\n" + large, large + "\n<2>b\n", "500 " + large + "<3>c\n"))
                .containsExactly("<1>a", "<2>b", "<3>c");
        assertThat(passedOver).hasValue(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whereTheBytesAreCutMakesNoDifference(long seed) {
        Random random = new Random(seed);
        StringBuilder stream = new StringBuilder();
        List<String> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String message = "<" + i % 192 + ">" + "m".repeat(random.nextInt(60)) + i;
            sent.add(message);
            if (random.nextBoolean()) {
                stream.append(message.length()).append(' ').append(message);
            } else {
                stream.append(message).append(random.nextBoolean() ? "\n" : "\r\n");
            }
        }
        EmbeddedChannel channel = channel();
        int at = 0;
        while (at < stream.length()) {
            int size = Math.min(stream.length() - at, 1 + random.nextInt(40));
            channel.writeInbound(Unpooled.copiedBuffer(stream.substring(at, at + size), UTF_8));
            at += size;
        }
        channel.finish();

        assertThat(messages(channel)).as("seed " + seed).isEqualTo(sent);
    }
}
