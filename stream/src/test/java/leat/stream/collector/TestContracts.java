package leat.stream.collector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.FieldPath;
import leat.core.contract.UnknownFields;

/// Contracts as the collector sees them: a name, a version, and which fields are id and key.
public final class TestContracts {

    private TestContracts() {}

    public static Contract contract(String name, String version, List<String> id, String key) {
        return new Contract(
                new ContractName(name),
                ContractVersion.parse(version),
                "",
                List.of(),
                id.stream().map(FieldPath::parse).toList(),
                key.isEmpty() ? Optional.empty() : Optional.of(FieldPath.parse(key)),
                Optional.empty(),
                Contract.TimeBounds.DEFAULT,
                UnknownFields.KEEP,
                Duration.ofHours(1),
                new Contract.LogSettings(2, Optional.empty()),
                new Contract.LakeSettings(Contract.TimePartitioning.DAY, List.of()),
                List.of(),
                Path.of(name + ".odcs.yaml"));
    }
}
