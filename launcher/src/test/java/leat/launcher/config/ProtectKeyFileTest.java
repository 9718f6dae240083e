package leat.launcher.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import leat.core.protect.ProtectionKey;
import leat.core.protect.Protector;
import leat.launcher.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProtectKeyFileTest {

    private static final String CLUSTER = "log: {bootstrap-servers: 'kafka:9092'}\n";
    private static final String HASH = "{protect: {field: mail}, action: hash}";
    private static final String SECRET = "ab".repeat(32);

    @TempDir private Path folder;

    private Workspace workspace(String config, String entry) throws IOException {
        Files.createDirectories(folder.resolve("contracts"));
        Files.createDirectories(folder.resolve(".leat"));
        Files.writeString(folder.resolve("leat.yaml"), "format: 1\n" + config);
        Files.writeString(
                folder.resolve("contracts/visits.odcs.yaml"),
                """
                apiVersion: v3.1.0
                kind: DataContract
                id: visits
                version: 1.0.0
                status: active
                schema:
                  - name: visit
                    properties:
                      - {name: number, logicalType: integer}
                      - {name: mail, logicalType: string}
                customProperties:
                  - {property: leat.key, value: mail}
                  - property: leat.enrich
                    value:
                      - %s
                """
                        .formatted(entry));
        return Workspace.open(folder);
    }

    private String hash(Workspace workspace) {
        Optional<ProtectionKey> key = new ProtectKeyFile(workspace).key();
        byte[] hashed =
                Protector.of(workspace.contracts().all().getFirst(), key)
                        .key("ana@example.org".getBytes(UTF_8));
        return hashed == null ? "" : new String(hashed, UTF_8);
    }

    private Path keyFile(String text, String permissions) throws IOException {
        Path file = folder.resolve("my.key");
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    @Test
    void withTheEmbeddedBrokerAKeyIsMadeOnceForItsOwnerAlone() throws IOException {
        Workspace workspace = workspace("", HASH);

        String first = hash(workspace);

        Path file = folder.resolve(".leat/protect.key");
        assertThat(hash(workspace)).isEqualTo(first).hasSize(64);
        assertThat(Files.readString(file)).matches("[0-9a-f]{64}\n");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve(".leat")).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void withAClusterAKeyMustBeNamed() throws IOException {
        Workspace workspace = workspace(CLUSTER, HASH);

        assertThatThrownBy(() -> new ProtectKeyFile(workspace).key())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("visits.v1")
                .hasMessageContaining("enricher.protect-key-file");
    }

    @Test
    void theFileThatIsNamedIsReadBelowTheWorkspace() throws IOException {
        keyFile(SECRET + "\n", "rw-r-----");
        Workspace named = workspace(CLUSTER + "enricher: {protect-key-file: my.key}\n", HASH);

        assertThat(hash(named)).hasSize(64).isNotEqualTo("ana@example.org");
        assertThat(folder.resolve(".leat/protect.key")).doesNotExist();
    }

    @Test
    void aFileThatOthersCanReadOrThatHoldsNoKeyIsRefusedWithoutShowingIt() throws IOException {
        Workspace workspace = workspace("enricher: {protect-key-file: my.key}\n", HASH);

        assertThatThrownBy(() -> new ProtectKeyFile(workspace).key())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("my.key (enricher.protect-key-file) is not there");
        keyFile(SECRET, "rw-r--r--");
        assertThatThrownBy(() -> new ProtectKeyFile(workspace).key())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("can be read or changed by others");
        keyFile("abcdefgh", "rw-------");
        assertThatThrownBy(() -> new ProtectKeyFile(workspace).key())
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has 8 characters")
                .hasMessageNotContaining("abcdefgh");
    }

    @Test
    void whereNothingIsHashedNoKeyIsLookedFor() throws IOException {
        Workspace workspace =
                workspace(
                        CLUSTER + "enricher: {protect-key-file: missing.key}\n",
                        "{protect: {field: number}, action: drop}");

        assertThat(new ProtectKeyFile(workspace).key()).isEmpty();
    }
}
