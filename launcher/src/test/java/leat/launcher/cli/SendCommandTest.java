package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource({"http,--ca-file", "grpc,--ca-file", "http,--client-certificate"})
    void whoNamesCertificatesForAnAddressInTheOpenIsRefused(
            String scheme, String option, @TempDir Path folder) throws IOException {
        LeatCommandLines.initialize(folder);
        Path events = Files.writeString(folder.resolve("orders.jsonl"), "{}\n");
        String collector = scheme + "://127.0.0.1:1";

        LeatCommandLines.Ended ended =
                LeatCommandLines.run(
                        "send",
                        "orders",
                        events.toString(),
                        "--to",
                        collector,
                        option,
                        "ca.pem",
                        "-w",
                        folder.toString());

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.output())
                .contains(collector + " is not encrypted", "--ca-file", "https://")
                .doesNotContain("waiting for it");
    }
}
