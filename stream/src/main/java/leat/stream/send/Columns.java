package leat.stream.send;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Contract;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import leat.core.contract.UnknownFields;
import leat.core.yaml.NearestName;

/// The columns of a header, matched to the contract's fields. A name with dots, `car.id`, reaches
/// into an object.
final class Columns {

    private sealed interface Node {
        /// One cell of the row.
        record Leaf(String name, int index, CellKind kind) implements Node {}

        /// An object made of several cells.
        record Group(String name, List<Node> nodes) implements Node {}
    }

    private final List<Node> nodes;
    private final int count;

    private Columns(List<Node> nodes, int count) {
        this.nodes = nodes;
        this.count = count;
    }

    /// Matches a header.
    ///
    /// @throws SendException.UnreadableInput that lists everything wrong with it
    static Columns of(List<String> header, Contract contract, String source) {
        Map<String, CellKind> known = new LinkedHashMap<>();
        addKnown("", contract.fields(), known);
        List<String> problems = problems(header, contract, known.keySet());
        if (!problems.isEmpty()) {
            throw new SendException.UnreadableInput(
                    source
                            + ", header: "
                            + String.join("; ", problems)
                            + ". The contract "
                            + contract.name()
                            + " has the fields "
                            + String.join(", ", known.keySet()));
        }
        Map<String, List<Node>> groups = new HashMap<>();
        List<Node> root = new ArrayList<>();
        groups.put("", root);
        for (int index = 0; index < header.size(); index++) {
            String path = header.get(index).strip();
            CellKind kind = known.getOrDefault(path, CellKind.TEXT);
            boolean nested = known.containsKey(path) && !topLevel(contract, path);
            int dot = nested ? path.lastIndexOf('.') : -1;
            List<Node> siblings = dot < 0 ? root : group(path.substring(0, dot), groups);
            siblings.add(new Node.Leaf(path.substring(dot + 1), index, kind));
        }
        return new Columns(root, header.size());
    }

    private static List<Node> group(String path, Map<String, List<Node>> groups) {
        List<Node> existing = groups.get(path);
        if (existing != null) {
            return existing;
        }
        int dot = path.lastIndexOf('.');
        List<Node> siblings = group(dot < 0 ? "" : path.substring(0, dot), groups);
        List<Node> nodes = new ArrayList<>();
        siblings.add(new Node.Group(path.substring(dot + 1), nodes));
        groups.put(path, nodes);
        return nodes;
    }

    private static boolean topLevel(Contract contract, String name) {
        return contract.fields().stream().anyMatch(field -> field.name().equals(name));
    }

    private static void addKnown(String prefix, List<Field> fields, Map<String, CellKind> known) {
        for (Field field : fields) {
            if (field.added()) {
                continue;
            }
            String path = prefix + field.name();
            known.putIfAbsent(path, CellKind.of(field.type()));
            if (field.type() instanceof FieldType.Struct struct) {
                addKnown(path + ".", struct.fields(), known);
            }
        }
    }

    private static List<String> problems(
            List<String> header, Contract contract, Set<String> known) {
        List<String> problems = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (int index = 0; index < header.size(); index++) {
            String name = header.get(index).strip();
            if (name.isEmpty()) {
                problems.add("column " + (index + 1) + " has no name");
            } else if (!seen.add(name)) {
                problems.add("'" + name + "' stands there twice");
            } else if (isAdded(contract, name)) {
                problems.add("'" + name + "' is added by the platform and cannot be sent");
            } else if (!known.contains(name) && contract.unknownFields() == UnknownFields.REJECT) {
                Optional<String> nearest = NearestName.of(name, known);
                problems.add(
                        "'"
                                + name
                                + "' is no field of the contract"
                                + nearest.map(n -> " (do you mean '" + n + "'?)").orElse(""));
            }
        }
        for (Field field : contract.fields()) {
            if (field.required() && !field.added() && !covered(field, seen)) {
                problems.add("the required field '" + field.name() + "' has no column");
            }
        }
        return problems;
    }

    private static boolean isAdded(Contract contract, String name) {
        return contract.fields().stream().anyMatch(f -> f.added() && f.name().equals(name));
    }

    private static boolean covered(Field field, Set<String> columns) {
        return columns.contains(field.name())
                || columns.stream().anyMatch(column -> column.startsWith(field.name() + "."));
    }

    /// Writes a row as an object. An empty or missing cell is an absent field; a cell beyond the
    /// header becomes a field `column_N`, so that the platform sees it and refuses the row.
    void write(List<String> cells, RowJson json) {
        json.beginObject();
        writeNodes(nodes, cells, json);
        for (int index = count; index < cells.size(); index++) {
            json.name("column_" + (index + 1)).string(cells.get(index));
        }
        json.endObject();
    }

    private static void writeNodes(List<Node> nodes, List<String> cells, RowJson json) {
        for (Node node : nodes) {
            switch (node) {
                case Node.Leaf leaf -> {
                    String cell = cell(leaf, cells);
                    if (!cell.isEmpty()) {
                        json.name(leaf.name());
                        leaf.kind().write(cell, json);
                    }
                }
                case Node.Group group -> {
                    if (anyFilled(group, cells)) {
                        json.name(group.name()).beginObject();
                        writeNodes(group.nodes(), cells, json);
                        json.endObject();
                    }
                }
            }
        }
    }

    private static boolean anyFilled(Node.Group group, List<String> cells) {
        for (Node node : group.nodes()) {
            boolean filled =
                    switch (node) {
                        case Node.Leaf leaf -> !cell(leaf, cells).isEmpty();
                        case Node.Group inner -> anyFilled(inner, cells);
                    };
            if (filled) {
                return true;
            }
        }
        return false;
    }

    private static String cell(Node.Leaf leaf, List<String> cells) {
        return leaf.index() < cells.size() ? cells.get(leaf.index()) : "";
    }
}
