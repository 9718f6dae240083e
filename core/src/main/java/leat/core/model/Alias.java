package leat.core.model;

/// A name for one version of a model that can be moved to another one.
///
/// @param position the offset of the record that decided it
public record Alias(String name, int version, long position) {}
