package leat.ml.registry;

import leat.core.artifact.Fingerprint;

/// A file of a version of a model.
///
/// @param path below the version's source
/// @param fingerprint of its bytes: a file in the log has a SHA-256, one in an object store an ETag
public record ModelFile(String path, long sizeBytes, Fingerprint fingerprint) {}
