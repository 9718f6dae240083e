package leat.core.model;

import java.util.OptionalLong;

/// A version that a reference means at the moment.
///
/// @param position the offset of the record that made the alias mean it; empty for a reference by
///   number, which never means another one
public record ResolvedModel(ModelVersion version, OptionalLong position) {}
