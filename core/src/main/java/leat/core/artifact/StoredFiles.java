package leat.core.artifact;

import java.util.List;
import java.util.Optional;

/// The files of a folder in an object store, as they were when the store was asked.
///
/// @param uri of the folder, `s3://BUCKET/PATH`
public record StoredFiles(String uri, List<StoredFile> files) {

    public StoredFiles {
        files = List.copyOf(files);
    }

    /// One of them.
    public Optional<StoredFile> file(String path) {
        return files.stream().filter(file -> file.path().equals(path)).findFirst();
    }
}
