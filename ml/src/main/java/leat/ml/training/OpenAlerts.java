package leat.ml.training;

import java.util.Collection;
import java.util.Set;

/// The alerts of the platform that are open.
@FunctionalInterface
public interface OpenAlerts {

    /// There is nobody who raises any.
    OpenAlerts NONE = _ -> Set.of();

    /// An alert that is firing or acknowledged.
    ///
    /// @param subject what it is about, `machine-state.v1`
    /// @param rule that raised it
    /// @param name that no other one has, the same rule's at another time included
    record OpenAlert(String subject, String rule, String name) {}

    /// Those about some subjects.
    ///
    /// @throws leat.stream.log.LogUnavailable when Kafka does not answer
    Collection<OpenAlert> about(Set<String> subjects);
}
