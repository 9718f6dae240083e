package leat.launcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import leat.launcher.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StateFolderTest {

    private static final int AT_ONCE = 8;
    private static final int FOLDERS = 200;

    @TempDir private Path place;

    @Test
    void manyMayPrepareAFolderAtOnce()
            throws IOException, ExecutionException, InterruptedException {
        // When
        try (ExecutorService processes = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < FOLDERS; i++) {
                StateFolder folder = new StateFolder(place.resolve(Integer.toString(i)));
                List<Future<?>> prepared = new ArrayList<>();
                for (int process = 0; process < AT_ONCE; process++) {
                    prepared.add(processes.submit(folder::prepare));
                }
                for (Future<?> future : prepared) {
                    future.get();
                }
            }
        }

        // Then
        for (int i = 0; i < FOLDERS; i++) {
            try (Stream<Path> files = Files.list(place.resolve(Integer.toString(i)))) {
                assertThat(files)
                        .singleElement()
                        .satisfies(file -> assertThat(file).hasContent("1"));
            }
        }
    }

    @Test
    void aNewerFormatIsRefused() throws IOException {
        // Given
        Files.writeString(place.resolve("format"), "2\n");

        // When, Then
        assertThatThrownBy(new StateFolder(place)::prepare)
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has format 2, this program knows up to 1");
    }
}
