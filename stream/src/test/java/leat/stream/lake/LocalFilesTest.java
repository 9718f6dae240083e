package leat.stream.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFilesTest {

    private final LocalFiles files = new LocalFiles();

    @TempDir private Path folder;

    @Test
    void listsTheFilesUnderAPrefixAsThePrefixIsWritten() throws IOException {
        Files.createDirectories(folder.resolve("data/day=1"));
        Files.writeString(folder.resolve("data/day=1/a.parquet"), "four");

        assertThat(files.listPrefix("file:" + folder + "/"))
                .singleElement()
                .satisfies(file -> {
                    assertThat(file.location())
                            .isEqualTo("file:" + folder + "/data/day=1/a.parquet");
                    assertThat(file.size()).isEqualTo(4);
                });
        assertThat(files.listPrefix(folder.resolve("none").toString())).isEmpty();
    }

    @Test
    void filesThatVanishMeanwhileAreNotListed() throws Exception {
        // Given files that come and go beside one that stays
        Files.writeString(folder.resolve("stays"), "");
        AtomicBoolean ends = new AtomicBoolean();
        Thread changing = Thread.ofPlatform().start(() -> change(ends));
        try {
            for (int i = 0; i < 300; i++) {
                assertThat(files.listPrefix(folder.toString()))
                        .anyMatch(file -> file.location().endsWith("/stays"));
            }
        } finally {
            ends.set(true);
            changing.join();
        }
    }

    private void change(AtomicBoolean ends) {
        try {
            while (!ends.get()) {
                for (int i = 0; i < 100; i++) {
                    Files.writeString(folder.resolve("passing-" + i), "");
                }
                for (int i = 0; i < 100; i++) {
                    Files.delete(folder.resolve("passing-" + i));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
