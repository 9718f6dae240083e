package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import leat.core.event.Names;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LakeCatalogTest {

    private static final int OPENERS = 4;
    private static final int ROUNDS = 25;

    /// Longer than it takes to fail at once, with each try that there is.
    private static final int HELD_MILLIS = 1_500;

    @TempDir private Path folder;

    @Test
    void isMadeOnceWhenSeveralOpenItAtTheSameTime() throws Exception {
        // Given
        CyclicBarrier together = new CyclicBarrier(OPENERS);
        try (ExecutorService openers = Executors.newFixedThreadPool(OPENERS)) {
            for (int round = 0; round < ROUNDS; round++) {
                Path home = Files.createDirectory(folder.resolve("round" + round));

                // When
                List<Future<Boolean>> opened =
                        IntStream.range(0, OPENERS)
                                .mapToObj(_ -> openers.submit(() -> opens(home, together)))
                                .toList();

                // Then
                for (Future<Boolean> each : opened) {
                    assertThat(each.get()).isTrue();
                }
            }
        }
    }

    @Test
    void waitsForWhoeverIsMakingIt() throws Exception {
        try (ExecutorService opener = Executors.newSingleThreadExecutor();
                Connection other = DriverManager.getConnection(address(folder));
                Statement statement = other.createStatement()) {
            // Given
            statement.execute("BEGIN IMMEDIATE");

            // When
            Future<Boolean> opened = opener.submit(() -> opens(folder));

            // Then
            assertThatThrownBy(() -> opened.get(HELD_MILLIS, TimeUnit.MILLISECONDS))
                    .isInstanceOf(TimeoutException.class);
            statement.execute("COMMIT");
            assertThat(opened.get()).isTrue();
        }
    }

    private static String address(Path home) {
        return "jdbc:sqlite:" + home.resolve("lake.db");
    }

    private static boolean opens(Path home, CyclicBarrier together) throws Exception {
        together.await();
        return opens(home);
    }

    /// Whether the namespace is there in the catalogue that was opened.
    private static boolean opens(Path home) {
        LakeStoreSettings settings = LakeStoreSettings.at(address(home), home.toUri().toString());
        try (LakeCatalog lake = LakeCatalog.open(settings, new Names("cars"))) {
            return lake.catalog() instanceof SupportsNamespaces namespaces
                    && namespaces.namespaceExists(lake.namespace());
        }
    }
}
