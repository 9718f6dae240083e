package leat.core.training;

import java.time.Duration;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.FieldPath;
import leat.core.enrich.RowExpression;

/// What is to be predicted, from enriched events.
///
/// @param contract whose events say it
/// @param value of an event: a truth, or a number where the event is the vector's own
/// @param within absent where the event that a vector was written with says it; else the vector's
///   label is whether an event of its entity, for which `value` is true, comes so soon after the
///   query time
/// @param key the field of the event that names the entity
public record Label(
        Contract contract, RowExpression value, Optional<Duration> within, FieldPath key) {}
