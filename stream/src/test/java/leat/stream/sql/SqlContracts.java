package leat.stream.sql;

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

/// Contracts of this package's tests.
final class SqlContracts {

    private SqlContracts() {}

    /// A car and a number, in four partitions.
    static Contract readings(int major) {
        return contract(
                "car-reading",
                major,
                List.of(
                        field("car", text()),
                        field("n", new FieldType.Int(Range.all(), Optional.empty(), List.of()))));
    }

    static Contract contract(String name, int major, List<Field> fields) {
        return new Contract(
                new ContractName(name),
                new ContractVersion(major, 0, 0),
                "",
                fields,
                List.of(),
                Optional.of(FieldPath.parse("car")),
                Optional.empty(),
                Contract.TimeBounds.DEFAULT,
                UnknownFields.REJECT,
                Duration.ofHours(1),
                new Contract.LogSettings(4, Optional.empty()),
                new Contract.LakeSettings(Contract.TimePartitioning.NONE, List.of()),
                List.of(),
                Path.of("test.odcs.yaml"));
    }

    static FieldType text() {
        return new FieldType.Text(Range.all(), Optional.empty(), Optional.empty(), List.of());
    }

    static Field field(String name, FieldType type) {
        return new Field(name, type, false, false, Optional.empty(), Optional.empty(), "");
    }
}
