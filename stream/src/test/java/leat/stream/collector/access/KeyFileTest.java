package leat.stream.collector.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import leat.core.config.DataSize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyFileTest {

    @TempDir private Path folder;

    private String faults(String yaml) throws IOException {
        Path file = folder.resolve("keys.yaml");
        Files.writeString(file, yaml);
        return KeyFile.read(file).faults().toString();
    }

    @Test
    void readsWhatIsWrittenAndLeavesItToItsOwnerAlone() throws IOException {
        KeyToken token = KeyToken.make(new SecureRandom());
        KeyGrant whole =
                new KeyGrant(
                        List.of(
                                new KeySecret(
                                        token.id(),
                                        HexFormat.of().formatHex(token.hash()),
                                        Optional.of(Instant.parse("2027-01-31T00:00:00Z")))),
                        Optional.of("it's a name, with: signs"),
                        List.of("*", "clicks.v1"),
                        List.of(DoorKind.HTTP, DoorKind.CONSOLE),
                        Optional.of(1000L),
                        Optional.of(DataSize.mebibytes(1)));
        KeyFile keys = new KeyFile(1, Map.of("true", whole));
        Path file = folder.resolve("keys.yaml");

        KeyFileWriter.write(file, keys);

        assertThat(KeyFile.read(file).orThrow()).isEqualTo(keys);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).doesNotContain(token.text());
        try (java.util.stream.Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void aKeyThatStandsInPagesIsForNamedContractsWithAQuotaOnly() {
        KeySecret secret = new KeySecret("0123456789ab", "0".repeat(64), Optional.empty());
        List<KeySecret> secrets = List.of(secret);
        Optional<String> none = Optional.empty();
        List<DoorKind> pages = List.of(DoorKind.BROWSER);
        Optional<Long> quota = Optional.of(100L);
        Optional<DataSize> anySize = Optional.empty();

        assertThatIllegalArgumentException()
                .isThrownBy(() -> new KeyGrant(secrets, none, List.of("*"), pages, quota, anySize))
                .withMessageContaining("everybody who opens the page");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new KeyGrant(
                                secrets, none, List.of("clicks"), pages, Optional.empty(), anySize))
                .withMessageContaining("events-per-second");
        List<DoorKind> more = List.of(DoorKind.BROWSER, DoorKind.HTTP);
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> new KeyGrant(secrets, none, List.of("clicks"), more, quota, anySize));
        KeyGrant sound = new KeyGrant(secrets, none, List.of("clicks"), pages, quota, anySize);
        assertThat(sound.opens(DoorKind.BROWSER)).isTrue();
        assertThat(sound.opens(DoorKind.HTTP)).isFalse();
        KeyGrant server = new KeyGrant(secrets, none, List.of("clicks"), List.of(), quota, anySize);
        assertThat(server.opens(DoorKind.BROWSER)).isFalse();
    }

    @Test
    void saysFileLineAndRemedyOfAFault() throws IOException {
        String faults =
                faults(
                        """
                        keys:
                          gateway:
                            secret: []
                            certificate-subject: gateway.example
                            contracts: ['*']
                        """);

        assertThat(faults).contains("keys.yaml:3", "keys.gateway.secret", "no such key", "secrets");
    }

    @Test
    void refusesASecretInThePlaceOfItsHashWithoutRepeatingIt() throws IOException {
        String secret = KeyToken.make(new SecureRandom()).text();

        String faults =
                faults(
                        """
                        keys:
                          gateway:
                            secrets: [{id: '0123456789ab', hash: %s}]
                            contracts: ['*']
                        """
                                .formatted(secret));

        assertThat(faults).contains("keys.yaml:3", "never the key itself").doesNotContain(secret);
    }

    @Test
    void refusesAFileThatAnybodyMayWrite() throws IOException {
        Path file = folder.resolve("keys.yaml");
        KeyFileWriter.write(file, KeyFile.EMPTY);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(KeyFile.read(file).faults().toString())
                .contains("keys.yaml:1", "may write this file", "Chmod o-w");

        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-r--"));
        assertThat(KeyFile.read(file).orThrow()).isEqualTo(KeyFile.EMPTY);
    }

    @Test
    void changesOfManyAtOnceAreAllKept() throws Exception {
        Path file = folder.resolve("keys.yaml");
        List<String> names =
                java.util.stream.IntStream.range(0, 20).mapToObj(i -> "k" + i).toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<?> change :
                    threads.invokeAll(
                            names.stream()
                                    .map(name -> Executors.callable(() -> add(file, name)))
                                    .toList())) {
                change.get();
            }
        }

        assertThat(KeyFile.read(file).orThrow().keys()).containsOnlyKeys(names);
    }

    private static void add(Path file, String name) {
        KeyGrant grant =
                new KeyGrant(
                        List.of(),
                        Optional.of("CN of " + name),
                        List.of("*"),
                        List.of(),
                        Optional.empty(),
                        Optional.empty());
        KeyFileWriter.change(file, keys -> keys.with(name, grant));
    }

    @Test
    void refusesAKeyThatCouldNeverBeUsed() throws IOException {
        assertThat(faults("keys: {a: {contracts: ['*']}}")).contains("secrets or certificate");
        assertThat(faults("keys: {a: {certificate-subject: x}}")).contains("contracts must name");
        assertThat(faults("keys: {a: {certificate-subject: x, contracts: ['Cars!']}}"))
                .contains("'Cars!'");
        assertThat(faults("keys: {A: {certificate-subject: x, contracts: ['*']}}")).contains("'A'");
        assertThat(
                        faults(
                                """
                                keys:
                                  a: {certificate-subject: x, contracts: ['*']}
                                  b: {certificate-subject: x, contracts: ['*']}
                                """))
                .contains("stands twice");
    }
}
