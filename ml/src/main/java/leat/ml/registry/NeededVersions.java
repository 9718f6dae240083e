package leat.ml.registry;

import java.util.Map;
import leat.stream.log.LogUnavailable;

/// Versions that are needed for reasons that the registry does not know, such as that a contract
/// names one by its number.
@FunctionalInterface
public interface NeededVersions {

    /// The registry knows all reasons.
    NeededVersions NONE = _ -> Map.of();

    /// The numbers of a model's versions that are needed, each with why, as in "it stays: WHY".
    ///
    /// @throws LogUnavailable when Kafka does not answer
    Map<Integer, String> of(String model);
}
