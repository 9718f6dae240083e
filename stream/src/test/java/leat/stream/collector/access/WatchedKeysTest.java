package leat.stream.collector.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import leat.core.yaml.ProblemsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedKeysTest {

    private static final Duration INTERVAL = Duration.ofMillis(5);

    @TempDir private Path folder;

    private final PrometheusRegistry registry = new PrometheusRegistry();

    private static KeyGrant grant(KeyToken token) {
        return new KeyGrant(
                List.of(
                        new KeySecret(
                                token.id(),
                                HexFormat.of().formatHex(token.hash()),
                                Optional.empty())),
                Optional.empty(),
                List.of("*"),
                List.of(),
                Optional.empty(),
                Optional.empty());
    }

    private static boolean opens(WatchedKeys keys, KeyToken token) {
        return keys.access().admit(DoorKind.HTTP, new Credentials.Key(token.text()))
                instanceof Access.Admission.Admitted;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }

    private double sound() {
        return registry.scrape(name -> name.equals("leat_collector_keys_file_sound")).stream()
                .map(GaugeSnapshot.class::cast)
                .findFirst()
                .orElseThrow()
                .getDataPoints()
                .getFirst()
                .getValue();
    }

    @Test
    void followsTheFileAndKeepsItsKeysWhileItIsFaultyOrGone() throws IOException {
        Path file = folder.resolve("keys.yaml");
        KeyToken first = KeyToken.make(new SecureRandom());
        KeyToken second = KeyToken.make(new SecureRandom());
        KeyFileWriter.write(file, KeyFile.EMPTY.with("first", grant(first)));
        try (WatchedKeys keys = WatchedKeys.open(file, new AccessMetrics(registry), INTERVAL)) {
            assertThat(opens(keys, first)).isTrue();

            Files.writeString(file, "keys: [broken\n");
            await(() -> sound() == 0);
            assertThat(opens(keys, first)).isTrue();

            Files.delete(file);
            KeyFileWriter.write(file, KeyFile.EMPTY.with("second", grant(second)));
            await(() -> opens(keys, second));
            assertThat(sound()).isEqualTo(1);
            assertThat(opens(keys, first)).isFalse();
        }
    }

    @Test
    void refusesToStartWithAFaultyFile() throws IOException {
        Path file = folder.resolve("keys.yaml");
        Files.writeString(file, "keys: {a: {}}\n");

        assertThatThrownBy(() -> WatchedKeys.open(file, new AccessMetrics(registry), INTERVAL))
                .isInstanceOf(ProblemsException.class)
                .hasMessageContaining("keys.yaml:1");
    }
}
