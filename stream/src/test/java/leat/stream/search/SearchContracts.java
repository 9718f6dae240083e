package leat.stream.search;

import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import leat.core.contract.Range;
import leat.core.contract.UnknownFields;
import leat.core.event.Names;
import leat.core.event.TopicId;

/// The contract of the search tests: a field of every type.
final class SearchContracts {

    static final Contract CARS =
            contract(
                    field("car", shortText()),
                    field("note", longText()),
                    field("speed", new FieldType.Real(Range.all(), Optional.empty(), List.of())),
                    field("trip", integer()),
                    field("price", new FieldType.Decimal(10, 2, Range.all())),
                    field("moving", new FieldType.Bool()),
                    field(
                            "day",
                            new FieldType.Date(
                                    "dd.MM.uuuu",
                                    DateTimeFormatter.ofPattern("dd.MM.uuuu"),
                                    Range.all())),
                    field("at", new FieldType.Time(DateTimeFormatter.ISO_LOCAL_TIME, Range.all())),
                    field("seen", epoch(Duration.ofNanos(1000))),
                    field(
                            "local",
                            new FieldType.Timestamp(
                                    new TimestampEncoding.Formatted(
                                            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm"),
                                            "uuuu-MM-dd HH:mm"),
                                    Optional.of(ZoneId.of("Europe/Berlin")),
                                    Range.all())),
                    field(
                            "tyres",
                            new FieldType.Array(
                                    new FieldType.Struct(
                                            List.of(
                                                    field("pressure", integer()),
                                                    field("checked", epoch(Duration.ofMillis(1))))),
                                    Range.all(),
                                    false)));

    private SearchContracts() {}

    static Contract contract(Field... fields) {
        return new Contract(
                new ContractName("car-telemetry"),
                new ContractVersion(1, 2, 0),
                "",
                List.of(fields),
                List.of(),
                Optional.of(FieldPath.parse("car")),
                Optional.empty(),
                Contract.TimeBounds.DEFAULT,
                UnknownFields.KEEP,
                Duration.ofHours(1),
                new Contract.LogSettings(4, Optional.empty()),
                new Contract.LakeSettings(Contract.TimePartitioning.DAY, List.of()),
                List.of(),
                Path.of("car-telemetry.odcs.yaml"));
    }

    static Field field(String name, FieldType type) {
        return new Field(name, type, false, false, Optional.empty(), Optional.empty(), "");
    }

    static FieldType shortText() {
        return new FieldType.Text(
                Range.closed(1, 40), Optional.empty(), Optional.empty(), List.of());
    }

    static FieldType longText() {
        return new FieldType.Text(Range.all(), Optional.empty(), Optional.empty(), List.of());
    }

    static FieldType integer() {
        return new FieldType.Int(Range.all(), Optional.empty(), List.of());
    }

    private static FieldType epoch(Duration unit) {
        return new FieldType.Timestamp(
                new TimestampEncoding.Epoch(unit), Optional.empty(), Range.all());
    }

    static Map<String, TopicId> pins(Names names, Contract contract) {
        return Map.of(names.enriched(contract), new TopicId("AAAAAAAAAAAAAAAAAAAAAA"));
    }
}
