package leat.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

final class FreePortsTest {

    @Test
    void portsInARowAreBelowThoseOfOutgoingConnections() throws IOException {
        int first = FreePorts.inARow(3);

        assertThat(first).isBetween(15_000, 31_997);
    }

    @Test
    void aPortThatIsTakenIsPassedOver() throws IOException {
        int first = FreePorts.inARow(2);
        try (ServerSocket _ = new ServerSocket(first, 1, InetAddress.getLoopbackAddress())) {
            assertThat(FreePorts.one(first, first + 2)).isEqualTo(first + 1);
        }
    }
}
