package leat.core.feature;

/// What speaks against a value of a definition.
///
/// @param message without a final full stop
/// @param remedy what would be right, an imperative without a final full stop
record Objection(String message, String remedy) {}
