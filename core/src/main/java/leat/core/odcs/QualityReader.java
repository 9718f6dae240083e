package leat.core.odcs;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import leat.core.contract.Field;
import leat.core.contract.FieldPath;
import leat.core.contract.FieldType;
import leat.core.contract.Quality;
import leat.core.contract.Quality.Unjudged;
import leat.core.yaml.Keys;
import leat.core.yaml.YamlNode;

/// Finds the quality rules of a contract: those of the object, of its properties at every level,
/// and the alerts of `leat.alerts`. What one of them says is [RuleReader]'s business.
final class QualityReader {

    private final List<Field> fields;
    private final boolean registered;
    private final RuleList rules = new RuleList();
    private final List<Unjudged> unjudged = new ArrayList<>();

    private QualityReader(List<Field> fields, boolean registered) {
        this.fields = fields;
        this.registered = registered;
    }

    /// Reads the rules of a contract whose properties have been read without a problem.
    ///
    /// @param registered as in [RuleReader]
    static Quality read(Keys schema, LeatProperties ours, List<Field> fields, boolean registered) {
        QualityReader reader = new QualityReader(fields, registered);
        reader.rules(schema, Optional.empty());
        reader.properties(schema, fields, List.of());
        for (Keys alert : ours.values().list("leat.alerts")) {
            new AlertReader(alert).read().ifPresent(rule -> reader.rules.keep(alert, rule));
        }
        if (reader.rules.isTooLong()) {
            schema.complain("quality", "more than " + RuleList.MAX_RULES + " rules", "remove some");
        }
        return new Quality(reader.rules.rules(), reader.unjudged);
    }

    private void properties(Keys owner, List<Field> level, List<String> parents) {
        for (Keys property : owner.list("properties")) {
            String name = property.text("name").orElse("");
            Optional<Field> field =
                    level.stream().filter(known -> known.name().equals(name)).findFirst();
            if (field.isEmpty()) {
                continue;
            }
            List<String> path = new ArrayList<>(parents);
            path.add(name);
            rules(property, Optional.of(new RuleReader.Target(new FieldPath(path), field.get())));
            if (field.get().type() instanceof FieldType.Struct struct) {
                properties(property, struct.fields(), path);
            }
            property.keys("items").ifPresent(items -> items(items, String.join(".", path)));
        }
    }

    /// Rules on the items of a list have several values an event.
    private void items(Keys items, String path) {
        if (!items.list("quality").isEmpty()) {
            unjudged.add(new Unjudged(path, "rules on the items of a list are not judged"));
        }
        for (Keys property : items.list("properties")) {
            items(property, path + "." + property.text("name").orElse(""));
        }
        if (items.mapping().find("items").orElse(null) instanceof YamlNode.Mapping) {
            items.keys("items").ifPresent(inner -> items(inner, path));
        }
    }

    private void rules(Keys owner, Optional<RuleReader.Target> target) {
        for (Keys entry : owner.list("quality")) {
            entry.allow(OdcsKeys.QUALITY);
            String type = entry.text("type").orElse("library");
            RuleReader reader = new RuleReader(entry, target, fields, registered);
            switch (type) {
                case "library" -> reader.read().ifPresent(rule -> rules.keep(entry, rule));
                case "custom" -> custom(entry, reader);
                case "sql", "text" ->
                        unjudged.add(
                                new Unjudged(
                                        reader.name(),
                                        "rules of type " + type + " are not judged on the stream"));
                default ->
                        entry.complain(
                                "type",
                                "unknown type '" + type + "'",
                                "use library, custom, sql or text");
            }
        }
    }

    private void custom(Keys entry, RuleReader reader) {
        String engine = entry.text("engine").orElse("that is not named");
        if (engine.equals("leat")) {
            reader.read().ifPresent(rule -> rules.keep(entry, rule));
        } else {
            unjudged.add(
                    new Unjudged(
                            reader.name(),
                            "rules for the engine " + engine + " are not judged on the stream"));
        }
    }

    /// `Speed range` → `speed-range`.
    static String id(String name) {
        return name.toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-+|-+$", "");
    }
}
