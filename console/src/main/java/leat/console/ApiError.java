package leat.console;

/// A request that is not served, as its answer says it: what is wrong and what would be right.
///
/// @param status the HTTP status
/// @param code a word that programs can rely on
public record ApiError(int status, String code, String message, String remedy) {}
