package leat.core.training;

import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import leat.core.yaml.YamlNode;

/// YAML as one text that neither the order of keys nor the way of writing changes.
final class CanonicalKeys {

    private CanonicalKeys() {}

    static String text(YamlNode node) {
        return switch (node) {
            case YamlNode.Scalar scalar -> quoted(scalar.text());
            case YamlNode.Sequence sequence ->
                    sequence.items().stream()
                            .map(CanonicalKeys::text)
                            .collect(Collectors.joining(",", "[", "]"));
            case YamlNode.Mapping mapping -> text(mapping.entries());
        };
    }

    /// A mapping without some of its keys.
    static String textWithout(Set<String> keys, YamlNode.Mapping mapping) {
        return text(
                mapping.entries().stream()
                        .filter(entry -> !keys.contains(entry.key().text()))
                        .toList());
    }

    private static String text(List<YamlNode.Entry> entries) {
        SortedMap<String, String> sorted = new TreeMap<>();
        entries.forEach(entry -> sorted.put(entry.key().text(), text(entry.value())));
        return sorted.entrySet().stream()
                .map(entry -> quoted(entry.getKey()) + ":" + entry.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
