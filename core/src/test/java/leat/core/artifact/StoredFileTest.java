package leat.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import leat.core.tracking.TrackingRefused;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StoredFileTest {

    @ParameterizedTest
    @ValueSource(strings = {"../model.onnx", "a/../../b", "/etc/x", "a//b", "", "a\\b"})
    void aPathThatLeadsOutOfItsFolderIsNone(String path) {
        assertThatThrownBy(() -> new StoredFile(path, 1, "e"))
                .isInstanceOf(TrackingRefused.class)
                .hasMessageStartingWith("Invalid path '" + path + "'");
    }

    @Test
    void bytesThatNothingTellsFromOthersAreRefused() {
        assertThatThrownBy(() -> new StoredFile("a", 1, " "))
                .isInstanceOf(TrackingRefused.class)
                .hasMessage("The store gives no ETag of 'a': upload it again, to the store");
    }

    @Test
    void aFileIsFoundByItsPath() {
        StoredFile file = new StoredFile("a/b", 1, "e");

        assertThat(new StoredFiles("s3://b/m", List.of(file)).file("a/b")).contains(file);
        assertThat(new StoredFiles("s3://b/m", List.of(file)).file("b")).isEmpty();
    }
}
