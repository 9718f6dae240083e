package leat.ml.registry;

/// A file of a version of a model.
///
/// @param path below the version's source
/// @param sha256 of its bytes, in hexadecimal digits
public record ModelFile(String path, long sizeBytes, String sha256) {}
