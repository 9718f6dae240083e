package leat.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import leat.launcher.config.Workspace;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnrichmentApiRoleTest {

    private static final Platform.Options ROLE =
            new Platform.Options(Set.of(Role.ENRICHMENT_API), "1", 0);

    @TempDir private Path folder;

    @BeforeEach
    void workspace() throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.createDirectories(folder.resolve("reference"));
        Files.writeString(
                folder.resolve("contracts").resolve("orders.odcs.yaml"),
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: orders
                version: 1.0.0
                status: active
                schema:
                  - name: orders
                    properties:
                      - {name: id, logicalType: string, required: true}
                """);
        configure("");
    }

    private void configure(String more) throws IOException {
        Files.writeString(
                folder.resolve("leat.yaml"),
                """
                log: {bootstrap-servers: "127.0.0.1:1"}
                enrichment-api:
                  http: {port: 0}
                  grpc: {port: 0}
                """
                        + more);
    }

    @Test
    void servesFilesWithoutALog() throws Exception {
        Files.writeString(folder.resolve("reference").resolve("cars.csv"), "car,make\na,Aurora\n");

        try (Platform platform = Platform.start(Workspace.open(folder), ROLE);
                HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(
                            HttpRequest.newBuilder(
                                            URI.create(
                                                    platform.addresses().get("enrichment-api")
                                                            + "/v1/lookups/cars/a"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());

            assertThat(response.body()).isEqualTo("{\"fields\":{\"make\":\"Aurora\"}}");
            assertThat(platform.addresses()).containsKey("enrichment-api-grpc");
            assertThat(platform.stageStates()).containsKey("enrichment-api");
        }
    }

    @Test
    void aFileThatCannotBeUsedIsTheUsersToPutRight() throws IOException {
        Files.writeString(folder.resolve("reference").resolve("cars.csv"), "car,make\na\n");

        assertThatThrownBy(() -> Platform.start(Workspace.open(folder), ROLE))
                .isInstanceOfSatisfying(
                        UserError.class, error -> assertThat(error.remedy()).isNotBlank())
                .hasMessageContaining("cars.csv line 2 has 1 cells");
    }

    @Test
    void theWholePlatformHasItOnlyWhereTheWorkspaceSaysSo() throws IOException {
        assertThat(Role.together(Workspace.open(folder)))
                .contains(Role.COLLECTOR, Role.CONSOLE)
                .doesNotContain(Role.ENRICHMENT_API);

        configure("  with-up: true\n");
        assertThat(Role.together(Workspace.open(folder))).contains(Role.ENRICHMENT_API);
    }
}
