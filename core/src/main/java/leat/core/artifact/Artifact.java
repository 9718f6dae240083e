package leat.core.artifact;

/// A file, and where its bytes are: in chunks that follow each other in the log.
///
/// @param upload the id under which its chunks stand
/// @param sha256 of its bytes, in hexadecimal digits
/// @param first offset of its chunks, and `last`; both -1 for a file without bytes
public record Artifact(
        ArtifactPath path,
        String upload,
        long sizeBytes,
        String sha256,
        int chunks,
        long first,
        long last,
        long modifiedMillis) {}
