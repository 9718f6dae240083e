package leat.core.evolution;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import leat.core.contract.Contract;
import leat.core.contract.ContractName;
import leat.core.contract.ContractVersion;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.FieldType.TimestampEncoding;
import leat.core.contract.PatternDialect;
import leat.core.contract.Range;
import leat.core.contract.TextFormat;
import leat.core.contract.UnknownFields;
import leat.core.validate.ValueCheck;
import leat.core.validate.ValueTexts;

/// Random contracts, later versions of them, and events. Bounds and values come from the same small
/// pools, so that a difference between two versions is soon met by an event.
final class RandomEvolution {

    private static final List<String> TEXTS =
            List.of("", "a", "ab", "abc", "abcd", "a1", "b", "xyz", "1.2.3.4", "example.org");
    private static final List<String> PATTERNS = List.of("^a", "[0-9]", "^[a-z]+$", "b");
    private static final List<Long> LONGS = List.of(-6L, -3L, 0L, 1L, 2L, 4L, 6L, 12L);
    private static final List<Double> DOUBLES = List.of(-1.5, 0.0, 0.25, 0.5, 1.0, 3.0, 7.5);
    private static final List<String> DECIMALS =
            List.of("-10", "0", "0.5", "1.25", "9.99", "10", "99.9", "100");
    private static final List<String> DAYS = List.of("2024-01-01", "2024-02-29", "2025-06-01");
    private static final List<String> TIMES = List.of("00:00:00", "08:15:00", "23:59:59");
    private static final List<String> INSTANTS =
            List.of("2024-01-01T00:00:00Z", "2024-06-01T12:00:00Z", "2025-01-01T00:00:00Z");
    private static final List<String> ZONELESS = List.of("2024-06-01T12:00:00");

    private final Random random;
    private int names;

    RandomEvolution(Random random) {
        this.random = random;
    }

    Contract contract() {
        return new Contract(
                new ContractName("random"),
                ContractVersion.parse("1.0.0"),
                "",
                fields(0),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Contract.TimeBounds.DEFAULT,
                pick(
                        UnknownFields.REJECT,
                        UnknownFields.REJECT,
                        UnknownFields.KEEP,
                        UnknownFields.DROP),
                Duration.ofHours(1),
                new Contract.LogSettings(1, Optional.empty()),
                new Contract.LakeSettings(Contract.TimePartitioning.DAY, List.of()),
                List.of(),
                Path.of("random.odcs.yaml"));
    }

    /// The same contract with one to three things changed.
    Contract later(Contract earlier) {
        List<Field> fields = earlier.fields();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            fields = changed(fields, 0);
        }
        UnknownFields unknown =
                random.nextInt(8) == 0 ? pick(UnknownFields.values()) : earlier.unknownFields();
        return with(earlier, fields, unknown);
    }

    static Contract with(Contract contract, List<Field> fields, UnknownFields unknown) {
        return new Contract(
                contract.name(),
                contract.version(),
                contract.description(),
                fields,
                contract.id(),
                contract.key(),
                contract.time(),
                contract.timeBounds(),
                unknown,
                contract.dedupeWindow(),
                contract.log(),
                contract.lake(),
                contract.steps(),
                contract.file());
    }

    private List<Field> fields(int depth) {
        List<Field> fields = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            fields.add(field(type(depth)));
        }
        return fields;
    }

    private Field field(FieldType type) {
        return field("f" + names++, type, random.nextBoolean(), Optional.empty());
    }

    private static Field field(
            String name, FieldType type, boolean required, Optional<String> former) {
        return new Field(name, type, required, false, former, Optional.empty(), "");
    }

    private FieldType type(int depth) {
        return switch (random.nextInt(depth < 2 ? 10 : 8)) {
            case 0 -> text();
            case 1 ->
                    new FieldType.Int(
                            range(LONGS),
                            maybe(pick(2L, 3L, 4L, 6L)),
                            random.nextInt(4) == 0 ? some(LONGS) : List.of());
            case 2 ->
                    new FieldType.Real(
                            range(DOUBLES),
                            maybe(pick("0.25", "0.5", "1.5")).map(BigDecimal::new),
                            random.nextInt(4) == 0 ? some(DOUBLES) : List.of());
            case 3 ->
                    new FieldType.Decimal(
                            2 + random.nextInt(3),
                            1 + random.nextInt(2),
                            range(DECIMALS.stream().map(BigDecimal::new).toList()));
            case 4 -> new FieldType.Bool();
            case 5 ->
                    new FieldType.Date(
                            DateTimeFormatter.ISO_LOCAL_DATE,
                            range(DAYS.stream().map(LocalDate::parse).toList()));
            case 6 ->
                    new FieldType.Time(
                            DateTimeFormatter.ISO_LOCAL_TIME,
                            range(TIMES.stream().map(LocalTime::parse).toList()));
            case 7 -> timestamp();
            case 8 -> new FieldType.Struct(fields(depth + 1));
            default ->
                    new FieldType.Array(
                            random.nextBoolean() ? new FieldType.Struct(fields(2)) : type(2),
                            random.nextBoolean() ? Range.all() : Range.closed(0, random.nextInt(3)),
                            random.nextBoolean());
        };
    }

    private FieldType text() {
        return new FieldType.Text(
                random.nextBoolean()
                        ? Range.all()
                        : Range.closed(random.nextInt(2), 1 + random.nextInt(4)),
                random.nextInt(3) == 0
                        ? Optional.of(PatternDialect.compile(one(PATTERNS)))
                        : Optional.empty(),
                random.nextInt(6) == 0
                        ? Optional.of(pick(TextFormat.IPV4, TextFormat.HOSTNAME))
                        : Optional.empty(),
                random.nextInt(4) == 0 ? some(TEXTS) : List.of());
    }

    private FieldType timestamp() {
        TimestampEncoding encoding =
                random.nextInt(3) == 0
                        ? new TimestampEncoding.Epoch(
                                pick(Duration.ofSeconds(1), Duration.ofMillis(1)))
                        : new TimestampEncoding.Formatted(
                                DateTimeFormatter.ISO_OFFSET_DATE_TIME, FieldType.ISO);
        return new FieldType.Timestamp(
                encoding,
                maybe(pick("Europe/Berlin", "UTC")).map(ZoneId::of),
                random.nextBoolean()
                        ? Range.all()
                        : range(INSTANTS.stream().map(Instant::parse).toList()));
    }

    private <T extends Comparable<? super T>> Range<T> range(List<T> pool) {
        if (random.nextBoolean()) {
            return Range.all();
        }
        T one = one(pool);
        T other = one(pool);
        T lower = one.compareTo(other) <= 0 ? one : other;
        T upper = lower.equals(one) ? other : one;
        return new Range<>(
                random.nextInt(3) == 0
                        ? Optional.empty()
                        : Optional.of(new Range.Bound<>(lower, random.nextBoolean())),
                random.nextInt(3) == 0
                        ? Optional.empty()
                        : Optional.of(new Range.Bound<>(upper, random.nextBoolean())));
    }

    private List<Field> changed(List<Field> fields, int depth) {
        List<Field> changed = new ArrayList<>(fields);
        int index = random.nextInt(fields.size());
        Field field = fields.get(index);
        switch (random.nextInt(8)) {
            case 0 -> add(changed, depth);
            case 1 -> {
                if (changed.size() > 1) {
                    changed.remove(index);
                }
            }
            case 2 -> {
                String name = "r" + names++;
                changed.set(
                        index,
                        field(name, field.type(), field.required(), Optional.of(field.name())));
            }
            case 3, 4 ->
                    changed.set(
                            index,
                            field(
                                    field.name(),
                                    field.type(),
                                    !field.required(),
                                    field.formerName()));
            default ->
                    changed.set(
                            index,
                            field(
                                    field.name(),
                                    changed(field.type(), depth),
                                    field.required(),
                                    field.formerName()));
        }
        return changed;
    }

    private void add(List<Field> fields, int depth) {
        Field field = field(type(depth + 1));
        if (fields.stream().noneMatch(there -> there.name().equals(field.name()))) {
            fields.add(field);
        }
    }

    private FieldType changed(FieldType type, int depth) {
        return switch (type) {
            case FieldType.Struct struct ->
                    new FieldType.Struct(changed(struct.fields(), depth + 1));
            case FieldType.Array array ->
                    switch (random.nextInt(3)) {
                        case 0 ->
                                new FieldType.Array(
                                        array.items(),
                                        Range.closed(0, random.nextInt(4)),
                                        array.unique());
                        case 1 -> new FieldType.Array(array.items(), array.size(), !array.unique());
                        default ->
                                new FieldType.Array(
                                        changed(array.items(), depth + 1),
                                        array.size(),
                                        array.unique());
                    };
            case FieldType.Bool _,
                    FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Timestamp _ -> {
                FieldType other = type(2);
                for (int i = 0; i < 40 && !sameKind(other, type); i++) {
                    other = type(2);
                }
                yield other;
            }
        };
    }

    private static boolean sameKind(FieldType one, FieldType other) {
        return one.getClass() == other.getClass();
    }

    /// An event that is likely to keep the contract; a text is JSON as it stands.
    Map<String, Object> event(Contract contract) {
        Map<String, Object> event = object(contract.fields());
        if (contract.unknownFields() == UnknownFields.KEEP && random.nextInt(3) == 0) {
            event.putIfAbsent("f" + random.nextInt(names + 4), pick("7", "\"zz\"", "{}", "[1]"));
        }
        return event;
    }

    private Map<String, Object> object(List<Field> fields) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (Field field : fields) {
            if (field.required() || random.nextInt(4) > 0) {
                object.put(field.name(), value(field.type()));
            }
        }
        return object;
    }

    private Object value(FieldType type) {
        return switch (type) {
            case FieldType.Struct struct -> object(struct.fields());
            case FieldType.Array array -> {
                List<Object> items = new ArrayList<>();
                int count = random.nextInt(4);
                for (int i = 0; i < count; i++) {
                    items.add(value(array.items()));
                }
                yield items;
            }
            case FieldType.Bool _,
                    FieldType.Text _,
                    FieldType.Int _,
                    FieldType.Real _,
                    FieldType.Decimal _,
                    FieldType.Date _,
                    FieldType.Time _,
                    FieldType.Timestamp _ ->
                    scalar(type);
        };
    }

    /// A value that the type admits where one is found soon; JSON text.
    private String scalar(FieldType type) {
        boolean quoted =
                type instanceof FieldType.Text
                        || type instanceof FieldType.Date
                        || type instanceof FieldType.Time
                        || (type instanceof FieldType.Timestamp timestamp
                                && timestamp.encoding() instanceof TimestampEncoding.Formatted);
        String text = literal(type);
        for (int i = 0; i < 20 && !admitted(type, text); i++) {
            text = literal(type);
        }
        return quoted ? "\"" + text + "\"" : text;
    }

    private static boolean admitted(FieldType type, String text) {
        try {
            return ValueCheck.of(type).check(ValueTexts.parse(type, text)) == null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private String literal(FieldType type) {
        return switch (type) {
            case FieldType.Text _ -> one(TEXTS);
            case FieldType.Int _ -> Long.toString(one(LONGS) + random.nextInt(3) - 1);
            case FieldType.Real _ -> Double.toString(one(DOUBLES));
            case FieldType.Decimal _ -> one(DECIMALS);
            case FieldType.Bool _ -> pick("true", "false");
            case FieldType.Date _ -> one(DAYS);
            case FieldType.Time _ -> one(TIMES);
            case FieldType.Timestamp timestamp ->
                    switch (timestamp.encoding()) {
                        case TimestampEncoding.Epoch _ -> pick("0", "1704067200", "1717243200000");
                        case TimestampEncoding.Formatted _ ->
                                timestamp.defaultZone().isPresent() && random.nextBoolean()
                                        ? one(ZONELESS)
                                        : one(INSTANTS);
                    };
            case FieldType.Struct _, FieldType.Array _ -> throw new IllegalArgumentException();
        };
    }

    private <T> Optional<T> maybe(T value) {
        return random.nextInt(3) == 0 ? Optional.of(value) : Optional.empty();
    }

    private <T> List<T> some(List<T> pool) {
        List<T> some = new ArrayList<>(pool.stream().filter(_ -> random.nextInt(3) == 0).toList());
        some.add(one(pool));
        return some.stream().distinct().toList();
    }

    private <T> T one(List<T> pool) {
        return pool.get(random.nextInt(pool.size()));
    }

    @SafeVarargs
    private <T> T pick(T... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
