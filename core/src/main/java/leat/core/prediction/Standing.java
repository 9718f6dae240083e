package leat.core.prediction;

import java.util.OptionalLong;

/// What an alias means.
///
/// @param version `failure-risk/3`
/// @param aliasPosition the offset of the registry's record that made it so, where that is known
public record Standing(String alias, String version, OptionalLong aliasPosition) {}
