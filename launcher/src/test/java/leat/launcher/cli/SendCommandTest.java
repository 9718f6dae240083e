package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import org.junit.jupiter.api.Test;

final class SendCommandTest {

    @Test
    void whoSendsBeforeThePlatformRunsIsToldSo() throws IOException {
        // Given a collector that answers, and one that has gone
        URI collector;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            collector = URI.create("http://127.0.0.1:" + socket.getLocalPort());

            // When, Then
            assertThat(SendCommand.absence(collector)).isEmpty();
        }
        assertThat(SendCommand.absence(collector))
                .hasValueSatisfying(
                        text -> assertThat(text).contains(collector.toString(), "leat up"));
    }
}
