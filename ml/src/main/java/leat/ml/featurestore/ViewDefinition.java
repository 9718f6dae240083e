package leat.ml.featurestore;

/// A view with the text that it was read from.
///
/// @param text the whole file
public record ViewDefinition(FeatureFlow flow, String text) {}
