package leat.core.odcs;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import leat.core.contract.PatternDialect;
import leat.core.contract.Range;
import leat.core.contract.Range.Bound;
import leat.core.contract.TextFormat;
import leat.core.validate.TimeTexts;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Scalar;

/// Reads the `properties` of a schema object into fields.
final class PropertyReader {

    static final int MAX_FIELDS = 1000;
    static final int MAX_DEPTH = 64;
    private static final int MAX_NAME_CHARS = 200;
    private static final int MAX_LENGTH = 16 << 20;

    private static final Set<String> LOGICAL_TYPES =
            Set.of(
                    "string",
                    "date",
                    "timestamp",
                    "time",
                    "number",
                    "integer",
                    "object",
                    "array",
                    "boolean");
    private static final Set<String> BOUNDS =
            Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
    private static final java.util.regex.Pattern DECIMAL =
            java.util.regex.Pattern.compile(
                    "(?:decimal|numeric)\\s*\\(\\s*(\\d{1,2})\\s*(?:,\\s*(\\d{1,2})\\s*)?\\)",
                    java.util.regex.Pattern.CASE_INSENSITIVE);

    private record IdField(FieldPath path, int position) {}

    private final Set<String> added;
    private final List<IdField> id = new ArrayList<>();
    private int count;

    /// @param added names of the top-level fields that the enricher sets
    PropertyReader(Set<String> added) {
        this.added = added;
    }

    /// The primary key, by position and then by the order of the file.
    List<FieldPath> id() {
        return id.stream()
                .sorted(Comparator.comparingInt(IdField::position))
                .map(IdField::path)
                .toList();
    }

    List<Field> fields(Keys owner, List<String> parents) {
        List<Field> fields = new ArrayList<>();
        Map<String, Location> seen = new HashMap<>();
        if (parents.size() >= MAX_DEPTH) {
            owner.complain("properties", "nested deeper than " + MAX_DEPTH, "make it flatter");
            return fields;
        }
        for (Keys property : owner.list("properties")) {
            field(property, parents)
                    .filter(field -> firstOfItsName(property, field.name(), seen))
                    .ifPresent(fields::add);
        }
        if (owner.mapping().find("properties").isEmpty()) {
            owner.complain("properties", "is missing", "list the fields of the object");
        }
        return fields;
    }

    private static boolean firstOfItsName(Keys property, String name, Map<String, Location> seen) {
        String folded = name.toLowerCase(Locale.ROOT);
        Location earlier = seen.putIfAbsent(folded, property.location("name"));
        if (earlier != null) {
            property.complain(
                    "name",
                    "'"
                            + name
                            + "' is also the name in line "
                            + earlier.line()
                            + " (case does not count, since SQL ignores it)",
                    "rename one of the two");
        }
        return earlier == null;
    }

    private Optional<Field> field(Keys property, List<String> parents) {
        if (++count == MAX_FIELDS + 1) {
            property.complain("name", "more than " + MAX_FIELDS + " fields", "split the contract");
        }
        property.allow(OdcsKeys.PROPERTY);
        Optional<String> name = property.requiredText("name", "name the field as JSON does");
        name.ifPresent(text -> checkName(property, text));
        List<String> path = new ArrayList<>(parents);
        path.add(name.orElse("?"));
        LeatProperties ours = LeatProperties.of(property, LeatProperties.FIELD_KEYS);
        Optional<FieldType> type = type(property, ours, path);
        boolean isAdded = parents.isEmpty() && added.contains(name.orElse(""));
        boolean required = property.bool("required").orElse(false);
        if (property.bool("primaryKey").orElse(false)) {
            primaryKey(property, path, required, isAdded, type);
        }
        if (name.isEmpty() || type.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Field(
                        name.get(),
                        type.get(),
                        required,
                        isAdded,
                        ours.text("leat.renamedFrom"),
                        property.text("classification"),
                        property.text("description").orElse("")));
    }

    private static void checkName(Keys property, String name) {
        boolean sound =
                !name.isEmpty()
                        && name.length() <= MAX_NAME_CHARS
                        && name.chars()
                                .noneMatch(c ->
                                        Character.isISOControl(c) || ".[]\"\\`".indexOf(c) >= 0);
        if (!sound) {
            property.complain(
                    "name",
                    "'" + name + "' cannot be a field's name",
                    "use 1 to " + MAX_NAME_CHARS + " characters without . [ ] \" \\ `");
        }
        if (name.toLowerCase(Locale.ROOT).startsWith("leat_")) {
            property.complain(
                    "name", "names that start with leat_ belong to Leat", "rename the field");
        }
    }

    private void primaryKey(
            Keys property,
            List<String> path,
            boolean required,
            boolean isAdded,
            Optional<FieldType> type) {
        if (isAdded) {
            property.complain(
                    "primaryKey", "the enricher adds this field, too late for an identity", "");
        } else if (!required) {
            property.complain(
                    "primaryKey", "an identity must always be there", "add 'required: true'");
        }
        if (type.isPresent() && !textual(type.get())) {
            property.complain(
                    "primaryKey",
                    "objects, arrays and floating-point numbers cannot identify an event",
                    "use a string, integer, decimal, boolean, date or time");
        }
        int position = property.integer("primaryKeyPosition", -1, MAX_FIELDS).orElse(-1);
        id.add(new IdField(new FieldPath(path), position < 0 ? Integer.MAX_VALUE : position));
    }

    /// Whether two equal values of the type always have the same text, so that it can be a key.
    static boolean textual(FieldType type) {
        return switch (type) {
            case FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Decimal _,
                    FieldType.Bool _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Timestamp _ ->
                    true;
            case FieldType.Real _, FieldType.Struct _, FieldType.Array _ -> false;
        };
    }

    private Optional<FieldType> type(Keys property, LeatProperties ours, List<String> path) {
        Optional<String> logicalType =
                property.requiredText(
                        "logicalType",
                        "use one of " + String.join(", ", new TreeSet<>(LOGICAL_TYPES)));
        if (logicalType.isEmpty()) {
            return Optional.empty();
        }
        Keys options =
                property.keys("logicalTypeOptions")
                        .orElseGet(() ->
                                new Keys(
                                        new YamlNode.Mapping(List.of(), property.location()),
                                        property.path("logicalTypeOptions"),
                                        property.problems()));
        if (ours.node("leat.enum").isPresent()
                && !Set.of("string", "integer", "number").contains(logicalType.get())) {
            property.complain(
                    "customProperties", "leat.enum is for string, integer and number", "remove it");
        }
        int before = property.problems().count();
        Optional<FieldType> type =
                switch (logicalType.get()) {
                    case "string" -> Optional.of(text(options, ours));
                    case "integer" -> Optional.of(integer(options, ours));
                    case "number" -> number(property, options, ours);
                    case "boolean" -> {
                        options.allow(Set.of());
                        yield Optional.of(new FieldType.Bool());
                    }
                    case "date" -> date(options);
                    case "time" -> time(options);
                    case "timestamp" -> timestamp(options);
                    case "object" -> {
                        options.allow(Set.of());
                        yield Optional.of(new FieldType.Struct(fields(property, path)));
                    }
                    case "array" -> array(property, options, path);
                    default -> {
                        property.complain(
                                "logicalType",
                                "unknown type '" + logicalType.get() + "'",
                                NearestName.remedy(
                                        logicalType.get(), new TreeSet<>(LOGICAL_TYPES)));
                        yield Optional.empty();
                    }
                };
        return property.problems().count() == before ? type : Optional.empty();
    }

    private static FieldType text(Keys options, LeatProperties ours) {
        options.allow(Set.of("minLength", "maxLength", "pattern", "format"));
        Range<Integer> length = sizes(options, "minLength", "maxLength");
        Optional<Pattern> pattern =
                options.parsed("pattern", scalar -> PatternDialect.compile(scalar.text()));
        List<String> allowed = new ArrayList<>();
        for (Scalar value : ours.scalars("leat.enum")) {
            allowed.add(value.text());
        }
        return new FieldType.Text(length, pattern, textFormat(options), allowed);
    }

    /// The formats that Leat checks; those that ODCS names but that say nothing of a text's form
    /// (`password`, `byte`, `binary`) are accepted and mean nothing.
    private static Optional<TextFormat> textFormat(Keys options) {
        Optional<String> word = options.text("format");
        if (word.isEmpty() || Set.of("password", "byte", "binary").contains(word.get())) {
            return Optional.empty();
        }
        Optional<TextFormat> format =
                Arrays.stream(TextFormat.values())
                        .filter(known -> known.jsonSchemaName().equals(word.get()))
                        .findFirst();
        if (format.isEmpty()) {
            options.complain(
                    "format",
                    "unknown format '" + word.get() + "'",
                    NearestName.remedy(
                            word.get(),
                            Arrays.stream(TextFormat.values())
                                    .map(TextFormat::jsonSchemaName)
                                    .toList()));
        }
        return format;
    }

    private static Range<Integer> sizes(Keys options, String lowest, String highest) {
        Optional<Integer> lower = options.integer(lowest, 0, MAX_LENGTH);
        Optional<Integer> upper = options.integer(highest, 0, MAX_LENGTH);
        return range(
                options,
                lower.map(value -> new Bound<>(value, true)),
                upper.map(value -> new Bound<>(value, true)));
    }

    private static FieldType integer(Keys options, LeatProperties ours) {
        options.allow(union(BOUNDS, "multipleOf", "format"));
        Optional<Long> multipleOf = options.parsed("multipleOf", scalar -> whole(scalar.text()));
        if (multipleOf.isPresent() && multipleOf.get() <= 0) {
            options.complain("multipleOf", "must be above 0", "");
        }
        List<Long> allowed = ours.values("leat.enum", scalar -> whole(scalar.text()));
        Range<Long> range = bounds(options, scalar -> whole(scalar.text()));
        return new FieldType.Int(range, multipleOf, allowed);
    }

    private static long whole(String text) {
        try {
            return new BigDecimal(text).longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a 64-bit integer", e);
        }
    }

    private static BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is not a number", e);
        }
    }

    private static Optional<FieldType> number(Keys property, Keys options, LeatProperties ours) {
        Optional<String> physical = property.text("physicalType");
        Optional<Matcher> decimal =
                physical.map(text -> DECIMAL.matcher(text.strip())).filter(Matcher::matches);
        if (decimal.isPresent()) {
            return decimal(property, options, ours, decimal.get());
        }
        options.allow(union(BOUNDS, "multipleOf", "format"));
        Optional<BigDecimal> multipleOf = options.decimal("multipleOf");
        if (multipleOf.isPresent() && multipleOf.get().signum() <= 0) {
            options.complain("multipleOf", "must be above 0", "");
        }
        List<Double> allowed =
                ours.values("leat.enum", scalar -> number(scalar.text()).doubleValue() + 0.0);
        Range<Double> range = bounds(options, scalar -> number(scalar.text()).doubleValue() + 0.0);
        return Optional.of(new FieldType.Real(range, multipleOf, allowed));
    }

    private static Optional<FieldType> decimal(
            Keys property, Keys options, LeatProperties ours, Matcher form) {
        options.allow(BOUNDS);
        if (ours.node("leat.enum").isPresent()) {
            property.complain("customProperties", "leat.enum is not for decimals", "remove it");
        }
        int precision = Integer.parseInt(form.group(1));
        int scale = form.group(2) == null ? 0 : Integer.parseInt(form.group(2));
        if (precision < 1 || precision > 38 || scale > precision) {
            property.complain(
                    "physicalType",
                    "a decimal has 1 to 38 digits, and at most as many behind the point",
                    "write e.g. decimal(18,2)");
            return Optional.empty();
        }
        Range<BigDecimal> range = bounds(options, scalar -> number(scalar.text()));
        return Optional.of(new FieldType.Decimal(precision, scale, range));
    }

    private static Optional<FieldType> date(Keys options) {
        options.allow(union(BOUNDS, "format"));
        Optional<DateTimeFormatter> format = formatter(options, DateTimeFormatter.ISO_LOCAL_DATE);
        return format.map(formatter ->
                new FieldType.Date(
                        pattern(options),
                        formatter,
                        bounds(
                                options,
                                scalar ->
                                        parsed(
                                                scalar,
                                                text ->
                                                        TimeTexts.date(
                                                                pattern(options),
                                                                formatter,
                                                                text)))));
    }

    private static Optional<FieldType> time(Keys options) {
        options.allow(union(BOUNDS, "format"));
        Optional<DateTimeFormatter> format = formatter(options, DateTimeFormatter.ISO_LOCAL_TIME);
        return format.map(formatter ->
                new FieldType.Time(
                        pattern(options),
                        formatter,
                        bounds(
                                options,
                                scalar ->
                                        parsed(
                                                scalar,
                                                text ->
                                                        TimeTexts.time(
                                                                pattern(options),
                                                                formatter,
                                                                text)))));
    }

    private static Optional<FieldType> timestamp(Keys options) {
        options.allow(union(BOUNDS, "format", "timezone", "defaultTimezone"));
        options.bool("timezone");
        Optional<ZoneId> zone =
                options.parsed("defaultTimezone", scalar -> parsed(scalar, ZoneId::of));
        Optional<TimestampEncoding> encoding = encoding(options);
        if (encoding.isEmpty()) {
            return Optional.empty();
        }
        if (encoding.get() instanceof TimestampEncoding.Formatted formatted
                && !TimeTexts.hasZone(formatted.pattern())
                && zone.isEmpty()) {
            options.complain(
                    "format",
                    "a timestamp in the form '" + formatted.pattern() + "' has no time zone",
                    "name one with defaultTimezone, e.g. UTC");
            return Optional.empty();
        }
        FieldType.Timestamp unbounded = new FieldType.Timestamp(encoding.get(), zone, Range.all());
        Range<Instant> range =
                bounds(options, scalar -> TimeTexts.timestamp(unbounded, scalar.text()));
        return Optional.of(new FieldType.Timestamp(encoding.get(), zone, range));
    }

    private static Optional<TimestampEncoding> encoding(Keys options) {
        String format = pattern(options);
        return switch (format) {
            case "epoch-seconds" -> Optional.of(new TimestampEncoding.Epoch(Duration.ofSeconds(1)));
            case "epoch-millis" -> Optional.of(new TimestampEncoding.Epoch(Duration.ofMillis(1)));
            case "epoch-micros" -> Optional.of(new TimestampEncoding.Epoch(Duration.ofNanos(1000)));
            default ->
                    formatter(options, DateTimeFormatter.ISO_OFFSET_DATE_TIME)
                            .map(f -> new TimestampEncoding.Formatted(f, format));
        };
    }

    private static String pattern(Keys options) {
        return options.text("format").filter(text -> !isIso(text)).orElse(FieldType.ISO);
    }

    private static boolean isIso(String text) {
        return text.equals(FieldType.ISO) || text.equals("date-time") || text.equals("ISO8601");
    }

    private static Optional<DateTimeFormatter> formatter(Keys options, DateTimeFormatter iso) {
        if (pattern(options).equals(FieldType.ISO)) {
            return Optional.of(iso);
        }
        return options.parsed(
                "format",
                scalar -> {
                    try {
                        return TimeTexts.formatter(scalar.text());
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(
                                "'"
                                        + scalar.text()
                                        + "' is not a pattern of java.time.format.DateTimeFormatter ("
                                        + e.getMessage()
                                        + "); letters that stand for themselves need quotes, 'T'",
                                e);
                    }
                });
    }

    private static <T> T parsed(Scalar scalar, Function<String, T> parser) {
        try {
            return parser.apply(scalar.text());
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private Optional<FieldType> array(Keys property, Keys options, List<String> path) {
        options.allow(Set.of("minItems", "maxItems", "uniqueItems"));
        Range<Integer> size = sizes(options, "minItems", "maxItems");
        boolean unique = options.bool("uniqueItems").orElse(false);
        Optional<Keys> items = property.keys("items");
        if (items.isEmpty()) {
            property.complain(
                    "items", "is missing", "say what the array holds, e.g. {logicalType: string}");
            return Optional.empty();
        }
        items.get().allow(OdcsKeys.PROPERTY);
        if (path.size() >= MAX_DEPTH) {
            items.get()
                    .complain("logicalType", "nested deeper than " + MAX_DEPTH, "make it flatter");
            return Optional.empty();
        }
        if (items.get().bool("primaryKey").orElse(false)) {
            items.get()
                    .complain(
                            "primaryKey",
                            "an item of a list cannot identify an event",
                            "remove it");
        }
        List<String> itemPath = new ArrayList<>(path);
        itemPath.add("[]");
        int idsBefore = id.size();
        Optional<FieldType> type =
                type(
                        items.get(),
                        LeatProperties.of(items.get(), LeatProperties.FIELD_KEYS),
                        itemPath);
        while (id.size() > idsBefore) {
            id.removeLast();
            items.get()
                    .complain(
                            "properties",
                            "an item of a list cannot identify an event",
                            "remove primaryKey");
        }
        return type.map(item -> new FieldType.Array(item, size, unique));
    }

    private static <T extends Comparable<? super T>> Range<T> bounds(
            Keys options, Function<Scalar, T> parser) {
        return range(
                options,
                bound(options, "minimum", "exclusiveMinimum", parser),
                bound(options, "maximum", "exclusiveMaximum", parser));
    }

    /// `exclusive…` is a bound of its own, or `true` to open the inclusive one as ODCS 3.0 has it.
    private static <T extends Comparable<? super T>> Optional<Bound<T>> bound(
            Keys options, String inclusive, String exclusive, Function<Scalar, T> parser) {
        Optional<T> closed = options.parsed(inclusive, parser);
        Optional<Scalar> open = options.scalar(exclusive);
        if (open.isPresent() && open.get().isBoolean()) {
            boolean closedEnd = open.get().text().equals("false");
            return closed.map(value -> new Bound<>(value, closedEnd));
        }
        Optional<T> openValue = options.parsed(exclusive, parser);
        if (closed.isPresent() && openValue.isPresent()) {
            options.complain(exclusive, "stands beside " + inclusive, "keep one of the two");
        }
        return closed.map(value -> new Bound<>(value, true))
                .or(() -> openValue.map(value -> new Bound<>(value, false)));
    }

    private static <T extends Comparable<? super T>> Range<T> range(
            Keys options, Optional<Bound<T>> lower, Optional<Bound<T>> upper) {
        if (lower.isPresent() && upper.isPresent()) {
            int order = lower.get().value().compareTo(upper.get().value());
            boolean open = !lower.get().inclusive() || !upper.get().inclusive();
            if (order > 0 || (order == 0 && open)) {
                options.problems()
                        .add(
                                options.location(),
                                options.path(),
                                "no value lies in " + new Range<>(lower, upper),
                                "widen the range");
            }
        }
        return new Range<>(lower, upper);
    }

    private static Set<String> union(Set<String> keys, String... more) {
        Set<String> all = new TreeSet<>(keys);
        all.addAll(Arrays.asList(more));
        return all;
    }
}
