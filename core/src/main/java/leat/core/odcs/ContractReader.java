package leat.core.odcs;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import leat.core.config.DurationText;
import leat.core.contract.Contract;
import leat.core.contract.Contract.LakeSettings;
import leat.core.contract.Contract.LogSettings;
import leat.core.contract.Contract.TimeBounds;
import leat.core.contract.Contract.TimePartitioning;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.EnrichStep;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Lifecycle;
import leat.core.contract.PayloadEncoding;
import leat.core.contract.Protection;
import leat.core.contract.Quality;
import leat.core.contract.UnknownFields;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;

/// Reads the keys of one contract.
final class ContractReader {

    private static final int DEFAULT_PARTITIONS = 4;
    private static final int MAX_PARTITIONS = 10_000;
    private static final Duration DEFAULT_DEDUPE_WINDOW = Duration.ofHours(1);

    private final Path file;
    private final Keys root;
    private final Problems problems;
    private final boolean alone;

    /// @param alone whether the files that the contract names are left aside
    ContractReader(Path file, Keys root, boolean alone) {
        this.file = file;
        this.root = root;
        this.alone = alone;
        this.problems = root.problems();
    }

    /// The contract; empty where a problem was added that leaves none.
    Optional<Contract> read() {
        root.allow(OdcsKeys.ROOT);
        fixedKeys();
        Optional<ContractVersion> version =
                required("version", "write e.g. 1.0.0", ContractVersion::parse);
        Optional<ContractName> name = name();
        LeatProperties ours = LeatProperties.of(root, LeatProperties.ROOT_KEYS);
        StepReader steps = new StepReader(ours);
        PropertyReader properties = new PropertyReader(steps.added());
        Optional<Keys> schema = schema();
        List<Field> fields =
                schema.map(keys -> properties.fields(keys, List.of())).orElse(List.of());
        boolean whole = problems.isEmpty();
        Optional<FieldPath> key = path(ours, "leat.key", fields, whole, this::checkKey);
        Optional<FieldPath> time = path(ours, "leat.time", fields, whole, this::checkTime);
        TimeBounds bounds = timeBounds(ours);
        UnknownFields unknown =
                word(ours.values(), "leat.unknownFields", UnknownFields.class)
                        .orElse(UnknownFields.REJECT);
        Duration window =
                ours.values()
                        .parsed("leat.dedupeWindow", scalar -> DurationText.parse(scalar.text()))
                        .orElse(DEFAULT_DEDUPE_WINDOW);
        LogSettings log =
                new LogSettings(
                        ours.values()
                                .integer("leat.partitions", 1, MAX_PARTITIONS)
                                .orElse(DEFAULT_PARTITIONS),
                        retention());
        LakeSettings lake = lake(ours, fields, whole);
        List<EnrichStep> enrich = whole ? steps.read(fields) : List.of();
        Optional<Contract.Reference> reference =
                new ReferenceReader(ours, fields, whole).read(key, properties.id());
        Quality quality =
                whole && schema.isPresent()
                        ? QualityReader.read(schema.get(), ours, fields, alone)
                        : Quality.NONE;
        Optional<PayloadEncoding> encoding =
                whole && !alone
                        ? EncodingReader.read(file, ours, fields, unknown)
                        : Optional.empty();
        List<Protection> protections =
                whole
                        ? steps.protections()
                                .read(
                                        fields,
                                        new ProtectionReader.Plain(
                                                properties.id(), key, time, reference))
                        : List.of();
        Lifecycle lifecycle = new LifecycleReader(root, ours).read();
        if (!problems.isEmpty() || version.isEmpty() || name.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Contract(
                        name.get(),
                        version.get(),
                        description(),
                        fields,
                        properties.id(),
                        key,
                        time,
                        bounds,
                        unknown,
                        window,
                        log,
                        lake,
                        enrich,
                        reference,
                        quality,
                        encoding,
                        protections,
                        lifecycle,
                        file));
    }

    private void fixedKeys() {
        required(
                "apiVersion",
                "write v3.1.0",
                text -> check(text.matches("v3\\.\\d+\\.\\d+"), text, "only ODCS v3 is read"));
        required(
                "kind",
                "write DataContract",
                text -> check(text.equals("DataContract"), text, "it must be DataContract"));
        required("id", "write a unique id, e.g. the name", text -> text);
        required(
                "status",
                "write e.g. active",
                text ->
                        check(
                                OdcsKeys.STATUSES.contains(text),
                                text,
                                "use proposed, draft, active, deprecated or retired"));
    }

    private static String check(boolean sound, String text, String message) {
        if (!sound) {
            throw new IllegalArgumentException("is '" + text + "', " + message);
        }
        return text;
    }

    private <T> Optional<T> required(String key, String remedy, Function<String, T> parser) {
        if (root.mapping().find(key).isEmpty()) {
            root.complain(key, "is missing", remedy);
        }
        return root.parsed(key, scalar -> parser.apply(scalar.text()));
    }

    private Optional<ContractName> name() {
        String key = root.mapping().find("name").isPresent() ? "name" : "id";
        return root.parsed(key, scalar -> new ContractName(scalar.text()));
    }

    /// ODCS has a text in old files and a mapping in new ones.
    private String description() {
        return switch (root.mapping().find("description").orElse(null)) {
            case Scalar scalar -> scalar.text();
            case YamlNode.Mapping mapping ->
                    new Keys(mapping, "description", problems).text("purpose").orElse("");
            case Sequence _ -> "";
            case null -> "";
        };
    }

    private Optional<Keys> schema() {
        List<Keys> objects = root.list("schema");
        if (objects.size() != 1) {
            root.complain(
                    "schema",
                    objects.isEmpty() ? "is missing" : "has " + objects.size() + " objects",
                    "describe exactly one object, the event");
            return Optional.empty();
        }
        Keys schema = objects.getFirst();
        schema.allow(OdcsKeys.SCHEMA);
        if (!schema.text("logicalType").orElse("object").equals("object")) {
            schema.complain("logicalType", "an event is an object", "write object");
        }
        return Optional.of(schema);
    }

    private Optional<FieldPath> path(
            LeatProperties ours,
            String property,
            List<Field> fields,
            boolean whole,
            Function<Field, String> fault) {
        Optional<FieldPath> path =
                ours.values().parsed(property, scalar -> FieldPath.parse(scalar.text()));
        if (path.isEmpty() || !whole) {
            return path;
        }
        Optional<Field> field = path.get().in(fields);
        if (field.isEmpty()) {
            ours.values()
                    .complain(
                            property,
                            "there is no field '" + path.get() + "'",
                            NearestName.remedy(
                                    path.get().toString(),
                                    fields.stream().map(Field::name).toList()));
            return path;
        }
        String message = fault.apply(field.get());
        if (!message.isEmpty()) {
            ours.values().complain(property, message, "");
        }
        return path;
    }

    private String checkKey(Field field) {
        if (field.added()) {
            return "the enricher adds '" + field.name() + "', too late for a key";
        }
        return field.type().hasOneText()
                ? ""
                : "'"
                        + field.name()
                        + "' cannot be a key: objects, arrays and floating-point numbers have no"
                        + " single text";
    }

    private String checkTime(Field field) {
        if (field.added()) {
            return "the enricher adds '" + field.name() + "', too late for the event's time";
        }
        return field.type() instanceof FieldType.Timestamp
                ? ""
                : "'" + field.name() + "' is not a timestamp";
    }

    private TimeBounds timeBounds(LeatProperties ours) {
        Optional<Keys> bounds = ours.values().keys("leat.timeBounds");
        bounds.ifPresent(keys -> keys.allow(Set.of("past", "future")));
        return new TimeBounds(
                bounds.flatMap(keys -> duration(keys, "past")).orElse(TimeBounds.DEFAULT.past()),
                bounds.flatMap(keys -> duration(keys, "future"))
                        .orElse(TimeBounds.DEFAULT.future()));
    }

    private static Optional<Duration> duration(Keys keys, String key) {
        return keys.parsed(key, scalar -> DurationText.parse(scalar.text()));
    }

    private static <E extends Enum<E>> Optional<E> word(Keys keys, String key, Class<E> type) {
        return keys.parsed(
                key,
                scalar -> {
                    List<String> words =
                            Stream.of(type.getEnumConstants())
                                    .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                                    .toList();
                    if (!words.contains(scalar.text())) {
                        throw new IllegalArgumentException(
                                "is '"
                                        + scalar.text()
                                        + "', use one of "
                                        + String.join(", ", words));
                    }
                    return Enum.valueOf(type, scalar.text().toUpperCase(Locale.ROOT));
                });
    }

    private Optional<Duration> retention() {
        Optional<Duration> retention = Optional.empty();
        for (Keys sla : root.list("slaProperties")) {
            sla.allow(OdcsKeys.SLA);
            if (sla.text("property").orElse("").equals("retention")) {
                Optional<Integer> value = sla.integer("value", 1, 1_000_000);
                Optional<Duration> unit = sla.parsed("unit", scalar -> unit(scalar.text()));
                if (sla.mapping().find("unit").isEmpty()) {
                    sla.complain("unit", "is missing", "write e.g. d for days");
                }
                if (value.isPresent() && unit.isPresent()) {
                    retention = Optional.of(unit.get().multipliedBy(value.get()));
                }
            }
        }
        return retention;
    }

    private static Duration unit(String text) {
        return switch (text) {
            case "min", "minute", "minutes" -> Duration.ofMinutes(1);
            case "h", "hr", "hour", "hours" -> Duration.ofHours(1);
            case "d", "day", "days" -> Duration.ofDays(1);
            case "w", "week", "weeks" -> Duration.ofDays(7);
            case "y", "yr", "year", "years" -> Duration.ofDays(365);
            default ->
                    throw new IllegalArgumentException(
                            "is '" + text + "', use minutes, hours, days, weeks or years");
        };
    }

    private LakeSettings lake(LeatProperties ours, List<Field> fields, boolean whole) {
        Optional<Keys> lake = ours.values().keys("leat.lake");
        lake.ifPresent(keys -> keys.allow(Set.of("partitionBy", "sortBy")));
        TimePartitioning partitioning =
                lake.flatMap(keys -> word(keys, "partitionBy", TimePartitioning.class))
                        .orElse(TimePartitioning.DAY);
        List<String> sortBy = new ArrayList<>();
        Optional<YamlNode> columns = lake.flatMap(keys -> keys.mapping().find("sortBy"));
        if (columns.isPresent()) {
            YamlNode node = columns.get();
            for (YamlNode item : node instanceof Sequence list ? list.items() : List.of(node)) {
                sortColumn(lake.orElseThrow(), item, fields, whole).ifPresent(sortBy::add);
            }
        }
        return new LakeSettings(partitioning, sortBy);
    }

    private static Optional<String> sortColumn(
            Keys lake, YamlNode item, List<Field> fields, boolean whole) {
        if (!(item instanceof Scalar scalar)) {
            lake.complain("sortBy", "holds " + item.kind(), "list names of fields");
            return Optional.empty();
        }
        List<String> sortable =
                fields.stream()
                        .filter(field ->
                                !(field.type() instanceof FieldType.Struct)
                                        && !(field.type() instanceof FieldType.Array))
                        .map(Field::name)
                        .toList();
        if (whole && !sortable.contains(scalar.text())) {
            lake.complain(
                    "sortBy",
                    "'" + scalar.text() + "' is not a top-level field with a single value",
                    NearestName.remedy(scalar.text(), sortable));
        }
        return Optional.of(scalar.text());
    }
}
