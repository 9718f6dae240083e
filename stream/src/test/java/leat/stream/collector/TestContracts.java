package leat.stream.collector;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.contract.UnknownFields;

/// Contracts with the same few fields: a name, a version, and which fields are id and key.
public final class TestContracts {

    private static final FieldType TEXT =
            new FieldType.Text(Range.all(), Optional.empty(), Optional.empty(), List.of());
    private static final List<Field> FIELDS =
            List.of(
                    field("id", TEXT),
                    field("car", new FieldType.Struct(List.of(field("id", TEXT)))),
                    field("seq", new FieldType.Int(Range.all(), Optional.empty(), List.of())));

    private TestContracts() {}

    private static Field field(String name, FieldType type) {
        return new Field(name, type, false, false, Optional.empty(), Optional.empty(), "");
    }

    public static Contract contract(String name, String version, List<String> id, String key) {
        return new Contract(
                new ContractName(name),
                ContractVersion.parse(version),
                "",
                FIELDS,
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
