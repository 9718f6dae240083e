package leat.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import leat.core.config.SettingsReader;
import leat.core.yaml.Checked;
import leat.launcher.UserError;
import leat.launcher.cli.LeatCommandLines;
import leat.ml.objectstore.ObjectStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Secrets in `leat.yaml`.
final class SecretSettingsTest {

    @TempDir private Path folder;

    private Checked<LeatConfig> read(String yaml) throws IOException {
        Path file = folder.resolve("leat.yaml");
        Files.writeString(file, yaml);
        return SettingsReader.read(file, LeatConfig.class);
    }

    static Stream<Arguments> withSecrets() {
        return Stream.of(
                Arguments.of(
                        """
                        log:
                          bootstrap-servers: kafka:9093
                          client:
                            ssl.keystore.password: hunter2
                        """,
                        "leat.yaml:3"),
                Arguments.of(
                        """
                        search:
                          url: https://search.example:9200
                          user: leat
                          password: hunter2
                        """,
                        "leat.yaml:4"),
                Arguments.of(
                        """
                        search:
                          url: https://search.example:9200
                          api-key: hunter2
                        """,
                        "leat.yaml:3"),
                Arguments.of(
                        """
                        lake:
                          store:
                            properties: {jdbc.user: leat, jdbc.password: hunter2}
                        """,
                        "leat.yaml:2"),
                Arguments.of(
                        """
                        lake:
                          store:
                            catalog: jdbc:postgresql://db/leat?user=leat&password=hunter2
                        """,
                        "leat.yaml:2"),
                Arguments.of(
                        """
                        models:
                          object-store:
                            access-key: ${env:STORE_KEY}
                            secret-key: hunter2
                        """,
                        "leat.yaml:4"));
    }

    @ParameterizedTest
    @MethodSource("withSecrets")
    void areRefusedWithFileLineAndRemedyAndNotRepeated(String yaml, String line)
            throws IOException {
        assertThat(read(yaml).faults().toString())
                .contains(line, "place")
                .doesNotContain("hunter2");
    }

    @Test
    void anObjectStoreNeedsNoneAndIsThereWhereItIsNamed() throws IOException {
        LeatCommandLines.initialize(folder);
        try (ObjectStore none = Workspace.open(folder).objectStore()) {
            assertThat(none).isSameAs(ObjectStore.NONE);
        }
        read("models: {object-store: {}}");
        try (ObjectStore amazons = Workspace.open(folder).objectStore()) {
            assertThat(amazons.has("s3://bucket/model")).isTrue();
        }
    }

    @Test
    void areTakenFromTheirPlacesOnlyWhereTheyAreUsed() throws IOException {
        LeatCommandLines.initialize(folder);
        read(
                """
                        log:
                          bootstrap-servers: kafka:9093
                          client:
                            ssl.keystore.password: ${file:secrets/keystore}
                        search:
                          url: https://search.example:9200
                          user: leat
                          password: ${env:LEAT_NO_SUCH_VARIABLE}
                        lake:
                          store:
                            properties: {jdbc.password: "${file:secrets/db}"}
                        alerts:
                          webhook: ${file:secrets/webhook}
                        models:
                          object-store:
                            access-key: ${file:secrets/store-key}
                            secret-key: ${file:secrets/store-secret}
                """);
        Workspace workspace = Workspace.open(folder);

        assertThatThrownBy(() -> workspace.log(0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("log.client: ssl.keystore.password")
                .hasMessageContaining(folder.resolve("secrets/keystore").toString());
        assertThatThrownBy(() -> workspace.objectStore())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("models.object-store.access-key")
                .hasMessageContaining(folder.resolve("secrets/store-key").toString());
        assertThatThrownBy(() -> workspace.searchEngine(0))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("search.password")
                .hasMessageContaining("LEAT_NO_SUCH_VARIABLE");

        Files.createDirectories(folder.resolve("secrets"));
        Files.writeString(folder.resolve("secrets/keystore"), "hunter2\n");
        Files.writeString(folder.resolve("secrets/db"), "hunter2\n");
        Files.writeString(folder.resolve("secrets/webhook"), "https://example.org/hunter2\n");

        assertThat(workspace.log(0).client()).containsEntry("ssl.keystore.password", "hunter2");
        assertThat(workspace.lakeStore().properties()).containsEntry("jdbc.password", "hunter2");
        assertThat(workspace.alerts().webhook()).contains("https://example.org/hunter2");
        assertThat(
                        Stream.of(
                                workspace,
                                workspace.log(0),
                                workspace.lakeStore(),
                                workspace.alerts()))
                .noneMatch(shown -> shown.toString().contains("hunter2"));
    }
}
