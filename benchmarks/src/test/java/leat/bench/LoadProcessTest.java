package leat.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import leat.bench.OpenLoad.Answered;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LoadProcessTest {

    private static final Duration TIME = Duration.ofMillis(200);
    private static final List<byte[]> REQUESTS =
            List.of(
                    HttpLoad.request("/", "text/plain", "one".getBytes(US_ASCII)),
                    HttpLoad.request("/", "text/plain", "two".getBytes(US_ASCII)));

    @TempDir private Path folder;

    @Test
    void everyRequestIsSentAtItsTimeAndAnswered() {
        try (DoNothingServer server = DoNothingServer.start();
                LoadProcess load =
                        LoadProcess.start(
                                folder, server.address(), LoadProgram.Protocol.HTTP, REQUESTS)) {
            LoadProcess.Sent sent = load.send(1_280, TIME);
            List<Answered> first = sent.answers();
            List<Answered> second = load.send(640, TIME).answers();

            assertThat(first).hasSize(256);
            assertThat(second).hasSize(128);
            assertThat(first).allMatch(Answered::accepted);
            assertThat(first).filteredOn(answered -> answered.request() == 1).hasSize(128);
            long least = first.stream().mapToLong(Answered::dueNanos).min().orElseThrow();
            long most = first.stream().mapToLong(Answered::dueNanos).max().orElseThrow();
            assertThat(Duration.ofNanos(most - least)).isBetween(TIME.minusMillis(5), TIME);
            assertThat(sent.cpuNanos()).isPositive();
            assertThat(sent.compilerNanos()).isPositive();
        }
    }

    @Test
    void aServerThatIsNotThereEndsIt() throws IOException {
        InetSocketAddress nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
        }
        try (LoadProcess load =
                LoadProcess.start(folder, nobody, LoadProgram.Protocol.HTTP, REQUESTS)) {
            assertThatThrownBy(() -> load.send(640, TIME))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("Connection refused");
        }
    }
}
