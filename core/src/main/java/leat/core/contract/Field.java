package leat.core.contract;

import java.util.Optional;

/// One property of an event.
///
/// @param name as it stands in the JSON object
/// @param required when the client must send it, not null; otherwise it may be absent or null
/// @param added when the enricher sets it: a client that sends it is refused
/// @param formerName what the field was called in an earlier version of the contract, so that lake
///   columns keep their id
public record Field(
        String name,
        FieldType type,
        boolean required,
        boolean added,
        Optional<String> formerName,
        Optional<String> classification,
        String description) {}
