package leat.core.odcs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import leat.core.yaml.Keys;
import leat.core.yaml.Location;
import leat.core.yaml.NearestName;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;

/// The entries of one `customProperties` whose names start with `leat.`; those of others are left
/// alone.
///
/// @param values a mapping from the property's name to its value
record LeatProperties(Keys values) {

    static final Set<String> ROOT_KEYS =
            Set.of(
                    "leat.key",
                    "leat.time",
                    "leat.partitions",
                    "leat.unknownFields",
                    "leat.dedupeWindow",
                    "leat.timeBounds",
                    "leat.lake",
                    "leat.enrich",
                    "leat.reference",
                    "leat.deletedField",
                    "leat.alerts",
                    "leat.encoding",
                    "leat.deprecation");
    static final Set<String> FIELD_KEYS = Set.of("leat.enum", "leat.renamedFrom");

    /// @param owner the mapping that has the key `customProperties`
    static LeatProperties of(Keys owner, Set<String> known) {
        Map<String, YamlNode.Entry> found = new LinkedHashMap<>();
        for (Keys entry : owner.list("customProperties")) {
            Optional<Scalar> property = entry.scalar("property");
            Optional<YamlNode> value = entry.mapping().find("value");
            if (property.isEmpty() || !property.get().text().startsWith("leat.")) {
                continue;
            }
            String name = property.get().text();
            if (!known.contains(name)) {
                entry.complain(
                        "property",
                        "unknown property '" + name + "'",
                        NearestName.remedy(name, new TreeSet<>(known)));
            } else if (value.isEmpty()) {
                entry.complain("value", "is missing", "");
            } else if (found.put(name, new YamlNode.Entry(property.get(), value.get())) != null) {
                entry.complain("property", "'" + name + "' stands twice", "remove one of the two");
            }
        }
        Mapping mapping = new Mapping(List.copyOf(found.values()), owner.location());
        return new LeatProperties(
                new Keys(mapping, owner.path("customProperties"), owner.problems()));
    }

    Optional<YamlNode> node(String property) {
        return values.mapping().find(property);
    }

    Optional<String> text(String property) {
        return values.text(property);
    }

    /// The values of a property that is a list of single values.
    List<Scalar> scalars(String property) {
        Optional<YamlNode> node = node(property);
        if (node.isEmpty()) {
            return List.of();
        }
        List<Scalar> scalars = new ArrayList<>();
        if (node.get() instanceof Sequence(List<YamlNode> items, Location _) && !items.isEmpty()) {
            for (YamlNode item : items) {
                if (item instanceof Scalar scalar) {
                    scalars.add(scalar);
                } else {
                    values.complain(property, "holds " + item.kind(), "list single values");
                }
            }
        } else {
            values.complain(property, "is not a list of values", "write e.g. [a, b]");
        }
        return scalars;
    }

    <T> List<T> values(String property, Function<Scalar, T> parser) {
        List<T> parsed = new ArrayList<>();
        for (Scalar scalar : scalars(property)) {
            try {
                parsed.add(parser.apply(scalar));
            } catch (IllegalArgumentException e) {
                values.complain(property, String.valueOf(e.getMessage()), "");
            }
        }
        return parsed;
    }
}
