package leat.core.registry;

import java.time.Instant;
import java.util.List;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;

/// A version of a contract as the platform knows it: the one event of the registry, and the whole
/// content of one record of its topic.
///
/// @param status as the contract's file said it last
/// @param odcs the contract's file, as it stood when it was last registered
/// @param registered when the version was seen first
/// @param schemas every schema that the version was ever published with
public record RegisteredVersion(
        ContractName name,
        ContractVersion version,
        String status,
        String odcs,
        Instant registered,
        List<RegisteredSchema> schemas) {

    public RegisteredVersion {
        schemas = List.copyOf(schemas);
    }

    /// What the record of this version is found by.
    public String key() {
        return name + "/" + version;
    }

    /// `car-telemetry.v1`.
    public String nameAndMajor() {
        return name + ".v" + version.major();
    }
}
