package leat.core.odcs;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import leat.core.yaml.Location;
import leat.core.yaml.Problems;
import leat.core.yaml.YamlNode;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;
import leat.core.yaml.YamlReader;

/// Where in a contract's file its fields and properties stand, for complaints that come after it
/// was read.
public final class OdcsPlaces {

    private final Location start;
    private final Map<String, Location> places = new HashMap<>();

    private OdcsPlaces(Path file) {
        this.start = Location.startOf(file);
    }

    /// The places of a text that was found sound as if it stood in `file`.
    public static OdcsPlaces of(Path file, String text) {
        OdcsPlaces places = new OdcsPlaces(file);
        YamlReader.read(file, text, new Problems()).ifPresent(places::root);
        return places;
    }

    /// The line of a field by its path (`customer.id`, `lines[].sku`), of a key (`version`) or of a
    /// custom property (`leat.key`); else of what it would stand in.
    public Location of(String where) {
        Location place = places.get(where);
        if (place != null) {
            return place;
        }
        int dot = where.lastIndexOf('.');
        return dot > 0 && !where.startsWith("leat.")
                ? of(where.substring(0, dot))
                : places.getOrDefault(where.replace("[]", ""), start);
    }

    private void root(YamlNode node) {
        if (node instanceof Mapping root) {
            root.entries().forEach(entry -> places.put(entry.key().text(), entry.key().location()));
            for (Mapping schema : mappings(root.find("schema"))) {
                fields("", schema);
            }
            for (Mapping custom : mappings(root.find("customProperties"))) {
                text(custom, "property").ifPresent(name -> places.put(name, custom.location()));
            }
        }
    }

    private void fields(String parent, Mapping owner) {
        for (Mapping property : mappings(owner.find("properties"))) {
            String name = text(property, "name").orElse("");
            field(parent.isEmpty() ? name : parent + "." + name, property);
        }
    }

    private void field(String path, Mapping property) {
        places.put(path, property.location());
        fields(path, property);
        if (property.find("items").orElse(null) instanceof Mapping items) {
            field(path + "[]", items);
        }
    }

    private static List<Mapping> mappings(Optional<YamlNode> list) {
        return list.orElse(null) instanceof Sequence sequence
                ? sequence.items().stream()
                        .filter(Mapping.class::isInstance)
                        .map(Mapping.class::cast)
                        .toList()
                : List.of();
    }

    private static Optional<String> text(Mapping mapping, String key) {
        return mapping.find(key).orElse(null) instanceof Scalar scalar
                ? Optional.of(scalar.text())
                : Optional.empty();
    }
}
