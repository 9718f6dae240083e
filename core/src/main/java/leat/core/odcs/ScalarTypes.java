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
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import leat.core.contract.PatternDialect;
import leat.core.contract.Range;
import leat.core.contract.TextFormat;
import leat.core.validate.TimeTexts;
import leat.core.yaml.Keys;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode.Scalar;

/// Reads the types of single values: what `logicalType`, its options and `physicalType` say.
final class ScalarTypes {

    private static final Set<String> BOUNDS =
            Set.of("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum");
    private static final java.util.regex.Pattern DECIMAL =
            java.util.regex.Pattern.compile(
                    "(?:decimal|numeric)\\s*\\(\\s*(\\d{1,2})\\s*(?:,\\s*(\\d{1,2})\\s*)?\\)",
                    java.util.regex.Pattern.CASE_INSENSITIVE);

    private ScalarTypes() {}

    static FieldType text(Keys options, LeatProperties ours) {
        options.allow(Set.of("minLength", "maxLength", "pattern", "format"));
        Range<Integer> length = Ranges.sizes(options, "minLength", "maxLength");
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

    static FieldType integer(Keys options, LeatProperties ours) {
        options.allow(union(BOUNDS, "multipleOf", "format"));
        Optional<Long> multipleOf = options.parsed("multipleOf", scalar -> whole(scalar.text()));
        if (multipleOf.isPresent() && multipleOf.get() <= 0) {
            options.complain("multipleOf", "must be above 0", "");
        }
        List<Long> allowed = ours.values("leat.enum", scalar -> whole(scalar.text()));
        Range<Long> range = Ranges.of(options, scalar -> whole(scalar.text()));
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

    static Optional<FieldType> number(Keys property, Keys options, LeatProperties ours) {
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
        Range<Double> range =
                Ranges.of(options, scalar -> number(scalar.text()).doubleValue() + 0.0);
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
        Range<BigDecimal> range = Ranges.of(options, scalar -> number(scalar.text()));
        return Optional.of(new FieldType.Decimal(precision, scale, range));
    }

    static Optional<FieldType> date(Keys options) {
        options.allow(union(BOUNDS, "format"));
        Optional<DateTimeFormatter> format = formatter(options, DateTimeFormatter.ISO_LOCAL_DATE);
        return format.map(formatter ->
                new FieldType.Date(
                        pattern(options),
                        formatter,
                        Ranges.of(
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

    static Optional<FieldType> time(Keys options) {
        options.allow(union(BOUNDS, "format"));
        Optional<DateTimeFormatter> format = formatter(options, DateTimeFormatter.ISO_LOCAL_TIME);
        return format.map(formatter ->
                new FieldType.Time(
                        pattern(options),
                        formatter,
                        Ranges.of(
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

    static Optional<FieldType> timestamp(Keys options) {
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
                Ranges.of(options, scalar -> TimeTexts.timestamp(unbounded, scalar.text()));
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

    private static Set<String> union(Set<String> keys, String... more) {
        Set<String> all = new TreeSet<>(keys);
        all.addAll(Arrays.asList(more));
        return all;
    }
}
