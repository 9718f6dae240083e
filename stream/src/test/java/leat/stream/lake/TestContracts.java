package leat.stream.lake;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
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

/// Contracts written by hand, so that the lake's tests need no YAML.
final class TestContracts {

    private TestContracts() {}

    static Contract contract(String name, List<Field> fields) {
        return contract(name, fields, Contract.TimePartitioning.DAY, 4);
    }

    static Contract contract(
            String name,
            List<Field> fields,
            Contract.TimePartitioning partitioning,
            int partitions) {
        return new Contract(
                new ContractName(name),
                new ContractVersion(1, 0, 0),
                "",
                fields,
                List.of(),
                fields.stream().findFirst().map(f -> FieldPath.parse(f.name())),
                Optional.empty(),
                Contract.TimeBounds.DEFAULT,
                UnknownFields.REJECT,
                Duration.ofHours(1),
                new Contract.LogSettings(partitions, Optional.empty()),
                new Contract.LakeSettings(partitioning, List.of()),
                List.of(),
                Path.of("test.odcs.yaml"));
    }

    static Field required(String name, FieldType type) {
        return new Field(name, type, true, false, Optional.empty(), Optional.empty(), "");
    }

    static Field optional(String name, FieldType type) {
        return new Field(name, type, false, false, Optional.empty(), Optional.empty(), "");
    }

    static Field renamed(String name, String formerName, FieldType type) {
        return new Field(name, type, false, false, Optional.of(formerName), Optional.empty(), "");
    }

    static FieldType text() {
        return new FieldType.Text(Range.all(), Optional.empty(), Optional.empty(), List.of());
    }

    static FieldType integer() {
        return new FieldType.Int(Range.all(), Optional.empty(), List.of());
    }

    static FieldType real() {
        return new FieldType.Real(Range.all(), Optional.empty(), List.of());
    }

    static FieldType decimal(int precision, int scale) {
        return new FieldType.Decimal(precision, scale, Range.all());
    }

    static FieldType timestamp() {
        return new FieldType.Timestamp(
                new FieldType.TimestampEncoding.Formatted(
                        DateTimeFormatter.ISO_OFFSET_DATE_TIME, "ISO"),
                Optional.empty(),
                Range.all());
    }

    static FieldType date() {
        return new FieldType.Date(DateTimeFormatter.ISO_LOCAL_DATE, Range.all());
    }

    static FieldType time() {
        return new FieldType.Time(DateTimeFormatter.ISO_LOCAL_TIME, Range.all());
    }

    static FieldType bool() {
        return new FieldType.Bool();
    }

    static FieldType struct(Field... fields) {
        return new FieldType.Struct(List.of(fields));
    }

    static FieldType array(FieldType items) {
        return new FieldType.Array(items, Range.all(), false);
    }

    /// One field of every type.
    static List<Field> everyType() {
        return List.of(
                required("car", text()),
                optional("count", integer()),
                optional("speed", real()),
                optional("price", decimal(12, 2)),
                optional("parked", bool()),
                optional("built", date()),
                optional("opens", time()),
                optional("seen", timestamp()),
                optional("engine", struct(required("code", text()), optional("heat", real()))),
                optional("tags", array(text())),
                optional("tyres", array(struct(optional("pressure", real())))));
    }
}
