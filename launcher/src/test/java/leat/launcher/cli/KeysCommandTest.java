package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import leat.stream.collector.access.Access;
import leat.stream.collector.access.AccessMetrics;
import leat.stream.collector.access.Credentials;
import leat.stream.collector.access.DoorKind;
import leat.stream.collector.access.KeyAccess;
import leat.stream.collector.access.KeyFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class KeysCommandTest {

    @TempDir private Path folder;

    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @BeforeEach
    void workspace() {
        assertThat(run("init", folder.toString())).isEqualTo(ExitCode.DONE);
    }

    private int run(String... args) {
        out = new StringWriter();
        err = new StringWriter();
        CommandLine line = LeatCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    private int keys(String command, String... more) {
        List<String> args = new java.util.ArrayList<>(List.of("keys", command));
        args.addAll(List.of("--workspace", folder.toString()));
        args.addAll(List.of(more));
        return run(args.toArray(String[]::new));
    }

    /// Whether the collector would let in who shows the key.
    private boolean opens(String key) {
        KeyAccess access =
                new KeyAccess(
                        KeyFile.read(folder.resolve("keys.yaml")).orThrow(),
                        InstantSource.system(),
                        System::nanoTime,
                        new AccessMetrics(new PrometheusRegistry()));
        return access.admit(DoorKind.HTTP, new Credentials.Key(key))
                instanceof Access.Admission.Admitted;
    }

    @Test
    void aNewKeyIsPrintedOnceAndStoredAsItsHashOnly() throws IOException {
        int exitCode = keys("create", "gateway", "--contract", "orders", "--door", "http,mqtt");

        assertThat(exitCode).isEqualTo(ExitCode.DONE);
        String key = out.toString().strip();
        assertThat(key).matches("leat_[0-9a-f]{12}_[0-9a-f]{48}");
        assertThat(opens(key)).isTrue();
        assertThat(Files.readString(folder.resolve("keys.yaml"))).doesNotContain(key);
        assertThat(err.toString()).contains("only time", "collector.access.mode: keys");

        keys("list");
        assertThat(out.toString())
                .contains("gateway", "orders", "http mqtt", "never")
                .doesNotContain(key.substring(18));
        keys("list", "--json");
        assertThat(out.toString()).contains("\"gateway\"").doesNotContain(key.substring(18));
    }

    @Test
    void aRotatedKeyHasTwoSecretsForAWhile() {
        keys("create", "gateway", "--contract", "*");
        String old = out.toString().strip();

        keys("rotate", "gateway", "--old-ends-in", "1h");
        String renewed = out.toString().strip();

        assertThat(renewed).isNotEqualTo(old);
        assertThat(opens(old)).isTrue();
        assertThat(opens(renewed)).isTrue();
        keys("rotate", "gateway", "--old-ends-in", "0s");
        assertThat(opens(old)).isFalse();
        assertThat(opens(renewed)).isFalse();
        assertThat(opens(out.toString().strip())).isTrue();
    }

    @Test
    void aRevokedKeyOpensNothing() {
        keys("create", "gateway", "--contract", "*");
        String key = out.toString().strip();

        assertThat(keys("revoke", "gateway")).isEqualTo(ExitCode.DONE);

        assertThat(opens(key)).isFalse();
        assertThat(keys("revoke", "gateway")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("there is no key 'gateway'");
    }

    @Test
    void oneOfTwoSecretsCanBeRevoked() {
        keys("create", "gateway", "--contract", "*");
        String old = out.toString().strip();
        keys("rotate", "gateway");
        String renewed = out.toString().strip();

        keys("revoke", "gateway", "--id", old.substring(5, 17));

        assertThat(opens(old)).isFalse();
        assertThat(opens(renewed)).isTrue();
    }

    @Test
    void limitsAreShownAndACertificateNeedsNoSecret() {
        keys(
                "create",
                "edge",
                "--contract",
                "*",
                "--certificate-subject",
                "edge.example",
                "--events-per-second",
                "500",
                "--bytes-per-second",
                "1MiB");
        assertThat(out.toString()).contains("Made the key 'edge'").doesNotContain("leat_");
        assertThat(err.toString()).contains("collector.tls.client-authorities");

        keys("show-limits", "edge");

        assertThat(out.toString()).contains("500", "1MiB");
        assertThat(keys("rotate", "edge")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("a certificate stands for it");
    }

    @Test
    void whatCouldNotWorkIsRefusedAndWritesNothing() {
        assertThat(keys("create", "a", "--contract", "ordres")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("ordres", "orders");
        assertThat(keys("create", "a")).isEqualTo(ExitCode.FAILED);
        assertThat(err.toString()).contains("contracts must name");
        assertThat(keys("create", "a", "--contract", "*", "--expires-in", "soon"))
                .isEqualTo(ExitCode.FAILED);
        assertThat(keys("create", "a", "--contract", "*", "--door", "window"))
                .isEqualTo(ExitCode.WRONG_USE);

        assertThat(folder.resolve("keys.yaml")).doesNotExist();
    }
}
