package leat.core.encoding;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Field;
import leat.core.contract.FieldType;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/// Joins an Avro schema with a contract's fields, and finds what does not fit.
final class AvroCompiler {

    private final FieldRules rules;
    private final List<String> faults = new ArrayList<>();

    private AvroCompiler(FieldRules rules) {
        this.rules = rules;
    }

    /// The joined schema with what is wrong with it; usable when nothing is.
    record Compiled(AvroNode.Fields fields, List<String> faults) {}

    static Compiled compile(Schema schema, List<Field> fields, FieldRules rules) {
        AvroCompiler compiler = new AvroCompiler(rules);
        AvroNode.Fields compiled = compiler.record(schema, fields, "");
        return new Compiled(compiled, List.copyOf(compiler.faults));
    }

    private AvroNode.Fields record(Schema schema, List<Field> fields, String prefix) {
        List<AvroNode.Slot> slots = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Field field : fields) {
            String path = prefix + field.name();
            known.add(field.name());
            Schema.Field found = schema.getField(field.name());
            rules.check(field, path, found != null).ifPresent(faults::add);
            if (found == null || field.added()) {
                continue;
            }
            Optional<AvroNode> node = node(found.schema(), field.type(), path);
            node.ifPresent(sound -> slots.add(new AvroNode.Slot(field.name(), found.pos(), sound)));
        }
        for (Schema.Field field : schema.getFields()) {
            if (!known.contains(field.name())) {
                rules.unknown(prefix + field.name()).ifPresent(faults::add);
            }
        }
        return new AvroNode.Fields(slots);
    }

    private Optional<AvroNode> node(Schema schema, FieldType type, String path) {
        return switch (schema.getType()) {
            case UNION -> union(schema, type, path);
            case RECORD ->
                    type instanceof FieldType.Struct struct
                            ? Optional.of(record(schema, struct.fields(), path + "."))
                            : misfit(path, "a record", type);
            case ARRAY ->
                    type instanceof FieldType.Array array
                            ? node(schema.getElementType(), array.items(), path + "[]")
                                    .map(AvroNode.Items::new)
                            : misfit(path, "an array", type);
            case MAP, NULL -> misfit(path, "a " + schema.getType().getName(), type);
            case ENUM, FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN ->
                    scalar(schema, type, path);
        };
    }

    private Optional<AvroNode> union(Schema schema, FieldType type, String path) {
        List<@Nullable AvroNode> branches = new ArrayList<>();
        boolean whole = true;
        int values = 0;
        AvroNode only = null;
        for (Schema branch : schema.getTypes()) {
            if (branch.getType() == Schema.Type.NULL) {
                branches.add(null);
                continue;
            }
            Optional<AvroNode> node = node(branch, type, path);
            whole &= node.isPresent();
            only = node.orElse(null);
            branches.add(only);
            values++;
        }
        if (values == 0) {
            return misfit(path, "always null", type);
        }
        if (!whole) {
            return Optional.empty();
        }
        return Optional.of(
                values == 1 && only != null ? only : new AvroNode.Union(schema, branches));
    }

    private Optional<AvroNode> scalar(Schema schema, FieldType type, String path) {
        Optional<AvroScalar> scalar =
                AvroScalar.of(schema).filter(one -> one.source().becomes(type));
        if (scalar.isEmpty()) {
            String logical =
                    schema.getLogicalType() == null
                            ? ""
                            : " (" + schema.getLogicalType().getName() + ")";
            return misfit(path, "Avro's " + schema.getType().getName() + logical, type);
        }
        return Optional.of(new AvroNode.Scalar(scalar.get(), schema, type));
    }

    private Optional<AvroNode> misfit(String path, String what, FieldType type) {
        faults.add(FieldRules.misfit(path, what, type));
        return Optional.empty();
    }
}
