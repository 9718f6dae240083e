package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import leat.stream.log.LogConnection;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;

final class LogPresenceTest {

    private static final Duration PATIENCE = Duration.ofMillis(100);

    @Test
    void aLogThatDoesNotAnswerIsNamedWithWhatToStart() throws IOException {
        // Given a port that nobody listens on
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        String servers = "127.0.0.1:" + port;

        try (Admin admin = new LogConnection(servers).admin()) {
            // When, Then
            assertThatExceptionOfType(UserError.class)
                    .isThrownBy(() -> new LogPresence(servers, true, PATIENCE).await(admin))
                    .withMessageContaining(servers + " did not answer")
                    .satisfies(e -> remedyNames(e, "leat up", "leat run kafka"));
            assertThatExceptionOfType(UserError.class)
                    .isThrownBy(() -> new LogPresence(servers, false, PATIENCE).await(admin))
                    .satisfies(e -> remedyNames(e, "log.bootstrap-servers"));
        }
    }

    private static void remedyNames(UserError error, String... what) {
        assertThat(error.remedy()).contains(what);
    }
}
