package leat.stream.collector.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The keys of a collector, in a file that is written while it runs.
final class GrantedKeys implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Path file;
    private final WatchedKeys watched;
    private final Map<String, KeyGrant> grants = new LinkedHashMap<>();

    /// Nobody has one yet.
    GrantedKeys(Path file, PrometheusRegistry registry) {
        this.file = file;
        KeyFileWriter.write(file, KeyFile.EMPTY);
        this.watched = WatchedKeys.open(file, new AccessMetrics(registry), Duration.ofMillis(20));
    }

    Access access() {
        return watched.access();
    }

    /// What a key may do; without doors, any.
    static KeyGrant anyKey(List<String> contracts, List<DoorKind> doors) {
        return new KeyGrant(
                List.of(new KeySecret("0".repeat(12), "0".repeat(64), Optional.empty())),
                Optional.empty(),
                contracts,
                doors,
                Optional.empty(),
                Optional.empty());
    }

    /// Writes a key and returns when the collector knows it.
    KeyToken grant(String name, KeyGrant grant) {
        return grant(name, grant, Optional.empty());
    }

    /// The same of a key that ends.
    KeyToken grant(String name, KeyGrant grant, Optional<Instant> expires) {
        KeyToken token = KeyToken.make(RANDOM);
        KeySecret secret =
                new KeySecret(token.id(), HexFormat.of().formatHex(token.hash()), expires);
        grants.put(name, grant.withSecrets(List.of(secret)));
        write();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isKnown(token)) {
            assertThat(System.nanoTime()).as("time for the keys to be read").isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
        return token;
    }

    /// Writes a key for a certificate and returns when the collector goes by it.
    void grantSubject(String name, String subject, List<String> contracts, List<DoorKind> doors) {
        grants.put(
                name,
                new KeyGrant(
                        List.of(),
                        Optional.of(subject),
                        contracts,
                        doors,
                        Optional.empty(),
                        Optional.empty()));
        // What is written later is read later, so a key that is known now comes with this one.
        grant("marker", anyKey(List.of("*"), List.of()));
    }

    /// Takes a key out of the file, which the collector reads soon.
    void revoke(String name) {
        grants.remove(name);
        write();
    }

    private void write() {
        KeyFileWriter.write(file, new KeyFile(1, grants));
    }

    private boolean isKnown(KeyToken token) {
        return switch (access().admit(DoorKind.HTTP, new Credentials.Key(token.text()))) {
            case Access.Admission.Admitted _ -> true;
            case Access.Admission.Denied(Denial denial) ->
                    denial.kind() == Denial.Kind.FORBIDDEN || denial.message().contains("expired");
        };
    }

    @Override
    public void close() {
        watched.close();
    }
}
