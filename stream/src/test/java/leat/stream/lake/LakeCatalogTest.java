package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import leat.core.event.Names;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LakeCatalogTest {

    private static final int OPENERS = 4;
    private static final int ROUNDS = 25;

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

    /// Whether the namespace is there in the catalogue that was opened.
    private static boolean opens(Path home, CyclicBarrier together) throws Exception {
        LakeStoreSettings settings =
                LakeStoreSettings.at(
                        "jdbc:sqlite:" + home.resolve("lake.db"), home.toUri().toString());
        together.await();
        try (LakeCatalog lake = LakeCatalog.open(settings, new Names("cars"))) {
            return lake.catalog() instanceof SupportsNamespaces namespaces
                    && namespaces.namespaceExists(lake.namespace());
        }
    }
}
