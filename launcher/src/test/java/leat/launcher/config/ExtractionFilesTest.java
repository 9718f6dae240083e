package leat.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import leat.core.yaml.ProblemsException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExtractionFilesTest {

    @TempDir private Path folder;

    @BeforeEach
    void makeWorkspace() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.createDirectories(folder.resolve("extractions"));
        Files.writeString(folder.resolve("leat.yaml"), "format: 1\n");
        Files.writeString(
                folder.resolve("contracts").resolve("clicks.odcs.yaml"),
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: clicks
                version: 1.0.0
                status: active
                schema:
                  - name: clicks
                    logicalType: object
                    properties:
                      - {name: n, logicalType: integer}
                """);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve("extractions").resolve(name), text);
    }

    @Test
    void aPullIsReadWithItsDefaults() throws IOException {
        write("items.yaml", "contract: clicks.v1\nhttp:\n  url: http://localhost/items\n");

        Workspace workspace = Workspace.open(folder);

        assertThat(workspace.extractions()).containsOnlyKeys("items");
        assertThat(workspace.extracted("clicks.v1").nameAndMajor()).isEqualTo("clicks.v1");
    }

    @Test
    void everyProblemIsToldWithFileAndRemedy() throws IOException {
        write("items.yaml", "contract: click\nhttp:\n  url: http://localhost/items\n");
        write("Orders.yaml", "contract: clicks\nhttp:\n  url: http://localhost/items\n");
        write(
                "tickets.yaml",
                """
                contract: clicks
                jdbc:
                  url: jdbc:postgresql://h/d
                  password: hunter2
                  query: SELECT 1
                  watermark: a; drop table b
                  id: c
                """);
        write("both.yaml", "contract: clicks\n");

        assertThatThrownBy(() -> Workspace.open(folder))
                .isInstanceOfSatisfying(
                        ProblemsException.class,
                        problems ->
                                assertThat(problems.problems().toString())
                                        .contains("items.yaml", "there is no contract click")
                                        .contains("Orders.yaml", "lower case letters")
                                        .contains("tickets.yaml", "env:NAME")
                                        .contains("both.yaml", "one of http and jdbc")
                                        .doesNotContain("hunter2"));
    }
}
