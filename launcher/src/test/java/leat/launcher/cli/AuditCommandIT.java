package leat.launcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import leat.embedded.FreePorts;
import leat.embedded.kafka.EmbeddedKafka;
import leat.launcher.Platform;
import leat.launcher.Role;
import leat.launcher.config.Workspace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AuditCommandIT {

    @TempDir private Path brokerFolder;
    @TempDir private Path folder;

    @Test
    void saysThatTheSearchEngineDoesNotAnswer() throws Exception {
        PrometheusRegistry.defaultRegistry.clear();
        LeatCommandLines.initialize(folder);
        try (EmbeddedKafka broker =
                EmbeddedKafka.start(new EmbeddedKafka.Settings(brokerFolder, 0))) {
            LeatCommandLines.configure(folder, broker);
            int search = FreePorts.one();
            Files.writeString(
                    folder.resolve("leat.yaml"),
                    "search: {port: " + search + "}\n",
                    StandardOpenOption.APPEND);
            try (Platform _ =
                    Platform.start(
                            Workspace.open(folder),
                            new Platform.Options(Set.of(Role.CONSOLE), "1", 0))) {
                LeatCommandLines.Ended audit =
                        LeatCommandLines.run("audit", "--workspace", folder.toString());

                assertThat(audit.exitCode()).isEqualTo(ExitCode.FAILED);
                assertThat(audit.output())
                        .startsWith("leat: the search engine cannot be audited: no answer from")
                        .contains("http://127.0.0.1:" + search, "start it with leat up")
                        .doesNotContain("leat.stream.search");
            }
        }
    }
}
