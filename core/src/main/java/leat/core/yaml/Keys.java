package leat.core.yaml;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import leat.core.yaml.YamlNode.Entry;
import leat.core.yaml.YamlNode.Mapping;
import leat.core.yaml.YamlNode.Scalar;
import leat.core.yaml.YamlNode.Sequence;

/// One mapping of a file while it is read: typed access to its keys, complaints with their path.
public record Keys(Mapping mapping, String path, Problems problems) {

    /// Reads a node that has to be a mapping.
    public static Optional<Keys> of(YamlNode node, String path, Problems problems) {
        if (node instanceof Mapping mapping) {
            return Optional.of(new Keys(mapping, path, problems));
        }
        problems.add(node.location(), path, "is " + node.kind() + " where keys are expected", "");
        return Optional.empty();
    }

    /// Where the mapping stands.
    public Location location() {
        return mapping.location();
    }

    /// The path of a key, as complaints have it.
    public String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /// Where a key's value stands, else where the mapping does.
    public Location location(String key) {
        return mapping.entry(key).map(entry -> entry.key().location()).orElse(location());
    }

    /// Adds a problem at a key.
    public void complain(String key, String message, String remedy) {
        problems.add(location(key), path(key), message, remedy);
    }

    /// Complains of every key that is not known.
    public void allow(Set<String> known) {
        for (Entry entry : mapping.entries()) {
            String key = entry.key().text();
            if (!known.contains(key)) {
                problems.add(
                        entry.key().location(),
                        path(key),
                        "unknown key",
                        NearestName.remedy(key, new TreeSet<>(known)));
            }
        }
    }

    /// A single value as it is written.
    public Optional<String> text(String key) {
        return scalar(key).map(Scalar::text);
    }

    /// The same, and a problem when the key is absent.
    public Optional<String> requiredText(String key, String remedy) {
        Optional<String> text = text(key);
        if (mapping.find(key).isEmpty()) {
            complain(key, "is missing", remedy);
        }
        return text;
    }

    /// `true` or `false`; what else stands there is a problem.
    public Optional<Boolean> bool(String key) {
        return parsed(
                key,
                scalar -> {
                    if (!scalar.isBoolean()) {
                        throw new IllegalArgumentException("is not true or false");
                    }
                    return scalar.text().equals("true");
                });
    }

    /// A number; what else stands there is a problem.
    public Optional<BigDecimal> decimal(String key) {
        return parsed(
                key,
                scalar -> {
                    if (!scalar.isNumber()) {
                        throw new IllegalArgumentException(
                                "'" + scalar.text() + "' is not a number");
                    }
                    return new BigDecimal(scalar.text());
                });
    }

    /// A whole number between two bounds, both included; what else stands there is a problem.
    public Optional<Integer> integer(String key, int lowest, int highest) {
        return parsed(
                key,
                scalar -> {
                    try {
                        int value = new BigDecimal(scalar.text()).intValueExact();
                        if (value >= lowest && value <= highest && scalar.plain()) {
                            return value;
                        }
                    } catch (ArithmeticException | NumberFormatException _) {
                        // the complaint below says it
                    }
                    throw new IllegalArgumentException(
                            "'"
                                    + scalar.text()
                                    + "' is not a whole number from "
                                    + lowest
                                    + " to "
                                    + highest);
                });
    }

    /// A single value read by `parser`, whose [IllegalArgumentException] becomes a problem.
    public <T> Optional<T> parsed(String key, Function<Scalar, T> parser) {
        Optional<Scalar> scalar = scalar(key);
        try {
            return scalar.map(parser);
        } catch (IllegalArgumentException e) {
            problems.add(
                    scalar.orElseThrow().location(), path(key), String.valueOf(e.getMessage()), "");
            return Optional.empty();
        }
    }

    /// The mapping at a key.
    public Optional<Keys> keys(String key) {
        return mapping.find(key).flatMap(node -> of(node, path(key), problems));
    }

    /// The mappings of a list; none when the key is absent.
    public List<Keys> list(String key) {
        Optional<YamlNode> node = mapping.find(key);
        if (node.isEmpty()) {
            return List.of();
        }
        if (!(node.get() instanceof Sequence sequence)) {
            complain(key, "is " + node.get().kind() + " where a list is expected", "");
            return List.of();
        }
        List<Keys> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            of(sequence.items().get(i), path(key) + "[" + i + "]", problems).ifPresent(items::add);
        }
        return items;
    }

    /// One single value, or a list of them; none when the key is absent.
    public List<Scalar> scalars(String key) {
        List<Scalar> scalars = new ArrayList<>();
        switch (mapping.find(key).orElse(null)) {
            case Scalar scalar -> scalars.add(scalar);
            case Sequence(List<YamlNode> items, Location _) -> {
                for (YamlNode item : items) {
                    if (item instanceof Scalar scalar) {
                        scalars.add(scalar);
                    } else {
                        complain(key, "holds " + item.kind(), "list single values");
                    }
                }
            }
            case Mapping other ->
                    complain(key, "is " + other.kind(), "write one value or a list of them");
            case null -> {}
        }
        return scalars;
    }

    /// The single value at a key.
    public Optional<Scalar> scalar(String key) {
        Optional<YamlNode> node = mapping.find(key);
        if (node.isPresent() && !(node.get() instanceof Scalar)) {
            complain(key, "is " + node.get().kind() + " where one value is expected", "");
        }
        return node.filter(Scalar.class::isInstance).map(Scalar.class::cast);
    }
}
