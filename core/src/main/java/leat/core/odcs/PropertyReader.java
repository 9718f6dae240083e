package leat.core.odcs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Range;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode;

/// Reads the `properties` of a schema object into fields.
final class PropertyReader {

    static final int MAX_FIELDS = 1000;
    static final int MAX_DEPTH = 64;
    private static final int MAX_NAME_CHARS = 200;

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
                        classification(property),
                        property.text("description").orElse("")));
    }

    /// A list is what its items are: a classification may stand at either.
    private static Optional<String> classification(Keys property) {
        Optional<String> own = property.text("classification");
        Optional<String> ofItems =
                property.mapping()
                        .find("items")
                        .filter(YamlNode.Mapping.class::isInstance)
                        .flatMap(_ -> property.keys("items"))
                        .flatMap(PropertyReader::classification);
        if (own.isPresent() && ofItems.isPresent() && !own.equals(ofItems)) {
            property.complain(
                    "classification",
                    "is '" + own.get() + "', that of the items '" + ofItems.get() + "'",
                    "leave one of the two out");
        }
        return own.or(() -> ofItems);
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
        if (type.isPresent() && !type.get().hasOneText()) {
            property.complain(
                    "primaryKey",
                    "objects, arrays and floating-point numbers cannot identify an event",
                    "use a string, integer, decimal, boolean, date or time");
        }
        int position = property.integer("primaryKeyPosition", -1, MAX_FIELDS).orElse(-1);
        id.add(new IdField(new FieldPath(path), position < 0 ? Integer.MAX_VALUE : position));
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
                    case "string" -> Optional.of(ScalarTypes.text(options, ours));
                    case "integer" -> Optional.of(ScalarTypes.integer(options, ours));
                    case "number" -> ScalarTypes.number(property, options, ours);
                    case "boolean" -> {
                        options.allow(Set.of());
                        yield Optional.of(new FieldType.Bool());
                    }
                    case "date" -> ScalarTypes.date(options);
                    case "time" -> ScalarTypes.time(options);
                    case "timestamp" -> ScalarTypes.timestamp(options);
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

    private Optional<FieldType> array(Keys property, Keys options, List<String> path) {
        options.allow(Set.of("minItems", "maxItems", "uniqueItems"));
        Range<Integer> size = Ranges.sizes(options, "minItems", "maxItems");
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
}
