package leat.core.contract;

import leat.core.yaml.Location;

/// One field that the enricher adds; steps run in the order of the contract.
public sealed interface EnrichStep {

    /// Where the step stands, for complaints about it.
    Location location();

    /// The top-level field that is set; the contract declares it with its type.
    String field();

    /// The same value for every event, of the field's value class.
    record Constant(String field, Object value, Location location) implements EnrichStep {}

    /// A CEL expression over the event's fields, e.g. `event.speed * 3.6`.
    record Derived(String field, String expression, Location location) implements EnrichStep {}
}
