package leat.stream.send;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.contract.UnknownFields;

/// Contracts for the tests of sending.
final class Contracts {

    static final FieldType TEXT =
            new FieldType.Text(Range.all(), Optional.empty(), Optional.empty(), List.of());
    static final FieldType INT = new FieldType.Int(Range.all(), Optional.empty(), List.of());
    static final FieldType REAL = new FieldType.Real(Range.all(), Optional.empty(), List.of());
    static final FieldType BOOL = new FieldType.Bool();
    static final FieldType DAY = new FieldType.Date(DateTimeFormatter.ISO_LOCAL_DATE, Range.all());
    static final FieldType EPOCH =
            new FieldType.Timestamp(
                    new FieldType.TimestampEncoding.Epoch(Duration.ofSeconds(1)),
                    Optional.empty(),
                    Range.all());
    static final FieldType ISO =
            new FieldType.Timestamp(
                    new FieldType.TimestampEncoding.Formatted(
                            DateTimeFormatter.ISO_OFFSET_DATE_TIME, "ISO"),
                    Optional.empty(),
                    Range.all());

    private Contracts() {}

    static Field required(String name, FieldType type) {
        return field(name, type, true, false);
    }

    static Field optional(String name, FieldType type) {
        return field(name, type, false, false);
    }

    static Field added(String name, FieldType type) {
        return field(name, type, false, true);
    }

    private static Field field(String name, FieldType type, boolean required, boolean added) {
        return new Field(name, type, required, added, Optional.empty(), Optional.empty(), "");
    }

    static Contract of(Field... fields) {
        return new Contract(
                new ContractName("readings"),
                new ContractVersion(1, 0, 0),
                "",
                List.of(fields),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Contract.TimeBounds.DEFAULT,
                UnknownFields.REJECT,
                Duration.ofHours(1),
                new Contract.LogSettings(1, Optional.empty()),
                new Contract.LakeSettings(Contract.TimePartitioning.DAY, List.of()),
                List.of(),
                Path.of("contracts/readings.odcs.yaml"));
    }

    /// `time`, `car`, `speed`: what most tests send.
    static Contract readings() {
        return of(required("time", EPOCH), required("car", TEXT), optional("speed", REAL));
    }
}
