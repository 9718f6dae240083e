package leat.core.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FoldersTest {

    @TempDir private Path place;
    private Path folder;

    @BeforeEach
    void fill() throws IOException {
        folder = Files.createDirectories(place.resolve("folder"));
        Files.createDirectories(folder.resolve("a/b"));
        Files.writeString(folder.resolve("a/b/file"), "x");
        Files.writeString(folder.resolve("a.txt"), "x");
    }

    @Test
    void goesWithAllThatIsInIt() throws IOException {
        // When
        Folders.delete(folder);

        // Then
        assertThat(place).isEmptyDirectory();
    }

    @Test
    void leavesWhatALinkLeadsTo() throws IOException {
        // Given
        Path kept = Files.createDirectory(place.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Files.createSymbolicLink(folder.resolve("link"), kept);

        // When
        Folders.delete(folder);

        // Then
        assertThat(folder).doesNotExist();
        assertThat(kept.resolve("file")).exists();
    }

    @Test
    void takesOneThatIsNotThereForDone() throws IOException {
        // Given
        Folders.delete(folder);

        // When
        Folders.delete(folder);

        // Then
        assertThat(folder).doesNotExist();
    }
}
