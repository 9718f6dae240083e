package leat.core.encoding;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import leat.core.contract.Field;
import leat.core.contract.FieldType;

/// Joins a Protobuf message with a contract's fields, and finds what does not fit. Fields are found
/// by their names in the `.proto` file.
final class ProtobufCompiler {

    private static final Set<String> WRAPPERS =
            Set.of(
                    "google.protobuf.DoubleValue",
                    "google.protobuf.FloatValue",
                    "google.protobuf.Int64Value",
                    "google.protobuf.UInt64Value",
                    "google.protobuf.Int32Value",
                    "google.protobuf.UInt32Value",
                    "google.protobuf.BoolValue",
                    "google.protobuf.StringValue");

    private final FieldRules rules;
    private final List<String> faults = new ArrayList<>();

    private ProtobufCompiler(FieldRules rules) {
        this.rules = rules;
    }

    /// The joined message with what is wrong with it; usable when nothing is.
    record Compiled(ProtobufNode.Fields fields, List<String> faults) {}

    static Compiled compile(Descriptor message, List<Field> fields, FieldRules rules) {
        ProtobufCompiler compiler = new ProtobufCompiler(rules);
        ProtobufNode.Fields compiled = compiler.message(message, fields, "");
        return new Compiled(compiled, List.copyOf(compiler.faults));
    }

    private ProtobufNode.Fields message(Descriptor message, List<Field> fields, String prefix) {
        List<ProtobufNode.Slot> slots = new ArrayList<>();
        Set<String> known = new HashSet<>();
        for (Field field : fields) {
            String path = prefix + field.name();
            known.add(field.name());
            FieldDescriptor found = message.findFieldByName(field.name());
            rules.check(field, path, found != null).ifPresent(faults::add);
            if (found == null || field.added()) {
                continue;
            }
            Optional<ProtobufNode> node = node(found, field.type(), path);
            node.ifPresent(sound -> slots.add(new ProtobufNode.Slot(field.name(), found, sound)));
        }
        for (FieldDescriptor field : message.getFields()) {
            if (!known.contains(field.getName())) {
                rules.unknown(prefix + field.getName()).ifPresent(faults::add);
            }
        }
        return new ProtobufNode.Fields(slots);
    }

    private Optional<ProtobufNode> node(FieldDescriptor field, FieldType type, String path) {
        if (field.isMapField()) {
            return misfit(path, "a map", type);
        }
        if (!field.isRepeated()) {
            return value(field, type, path);
        }
        return type instanceof FieldType.Array array
                ? value(field, array.items(), path + "[]").map(ProtobufNode.Items::new)
                : misfit(path, "repeated", type);
    }

    private Optional<ProtobufNode> value(FieldDescriptor field, FieldType type, String path) {
        return switch (field.getJavaType()) {
            case INT, LONG -> scalar(field, Source.INTEGER, type, path);
            case FLOAT, DOUBLE -> scalar(field, Source.FLOATING, type, path);
            case BOOLEAN -> scalar(field, Source.BOOLEAN, type, path);
            case STRING, ENUM -> scalar(field, Source.TEXT, type, path);
            case BYTE_STRING -> misfit(path, "Protobuf's bytes", type);
            case MESSAGE -> nested(field.getMessageType(), type, path);
        };
    }

    private Optional<ProtobufNode> scalar(
            FieldDescriptor field, Source source, FieldType type, String path) {
        return source.becomes(type)
                ? Optional.of(new ProtobufNode.Scalar(field, source, type))
                : misfit(
                        path,
                        "Protobuf's " + field.getType().name().toLowerCase(Locale.ROOT),
                        type);
    }

    private Optional<ProtobufNode> nested(Descriptor message, FieldType type, String path) {
        String name = message.getFullName();
        if (name.equals("google.protobuf.Timestamp")) {
            FieldDescriptor seconds = message.findFieldByNumber(1);
            FieldDescriptor nanos = message.findFieldByNumber(2);
            return Source.INSTANT.becomes(type)
                    ? Optional.of(new ProtobufNode.Timestamp(seconds, nanos, type))
                    : misfit(path, name, type);
        }
        if (WRAPPERS.contains(name)) {
            FieldDescriptor value = message.findFieldByNumber(1);
            return value(value, type, path).map(node -> new ProtobufNode.Wrapper(value, node));
        }
        return type instanceof FieldType.Struct struct
                ? Optional.of(message(message, struct.fields(), path + "."))
                : misfit(path, "the message " + name, type);
    }

    private Optional<ProtobufNode> misfit(String path, String what, FieldType type) {
        faults.add(FieldRules.misfit(path, what, type));
        return Optional.empty();
    }
}
