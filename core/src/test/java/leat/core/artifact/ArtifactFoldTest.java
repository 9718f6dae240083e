package leat.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArtifactFoldTest {

    private final ArtifactFold fold = new ArtifactFold();

    private ArtifactFold with(String path, long sizeBytes) {
        ArtifactPath at = new ArtifactPath(path);
        fold.apply(at, Optional.of(new Artifact(at, "u", sizeBytes, "", 1, 0, 0, 1)));
        return fold;
    }

    @Test
    void aFolderListsItsFilesAndFoldersOnce() {
        with("0/r/a/model/MLmodel", 1);
        with("0/r/a/model/data/x", 2);
        with("0/r/a/model/data/y", 3);
        with("0/r/a/model.txt", 4);
        with("0/r/a/model0", 5);
        with("0/r/ab/other", 6);

        assertThat(fold.list(new ArtifactPath("0/r/a")))
                .containsExactly(
                        new ArtifactEntry("model", OptionalLong.empty()),
                        new ArtifactEntry("model.txt", OptionalLong.of(4)),
                        new ArtifactEntry("model0", OptionalLong.of(5)));
        assertThat(fold.list(new ArtifactPath("0/r/a/model")))
                .containsExactly(
                        new ArtifactEntry("MLmodel", OptionalLong.of(1)),
                        new ArtifactEntry("data", OptionalLong.empty()));
        assertThat(fold.list(new ArtifactPath("0/r/a/model.txt"))).isEmpty();
        assertThat(fold.below(new ArtifactPath("0/r/a/model"))).hasSize(3);
    }

    @Test
    void aFileIsNoFolderAndAFolderNoFile() {
        with("0/r/a/model/MLmodel", 1);

        fold.checkRoom(new ArtifactPath("0/r/a/model/MLmodel"));
        assertThatThrownBy(() -> fold.checkRoom(new ArtifactPath("0/r/a/model")))
                .hasMessage("'0/r/a/model' is a folder, so no file can be there");
        assertThatThrownBy(() -> fold.checkRoom(new ArtifactPath("0/r/a/model/MLmodel/x")))
                .hasMessage(
                        "'0/r/a/model/MLmodel' is a file, so '0/r/a/model/MLmodel/x' cannot be in"
                                + " it");

        fold.apply(new ArtifactPath("0/r/a/model/MLmodel"), Optional.empty());
        fold.checkRoom(new ArtifactPath("0/r/a/model"));
        assertThat(fold.list(new ArtifactPath("0/r/a"))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "..", "a/../b", "a/./b", "a\\b", "a\nb", "a/"})
    void pathsThatLeadElsewhereAreRefused(String text) {
        assertThatThrownBy(() -> new ArtifactPath(text)).hasMessageStartingWith("Invalid path");
    }

    @Test
    void slashesTooManyAreLeftAway() {
        assertThat(ArtifactPath.of("//a///b/").text()).isEqualTo("a/b");
        assertThat(ArtifactPath.of("a").resolve("b/c").text()).isEqualTo("a/b/c");
    }
}
